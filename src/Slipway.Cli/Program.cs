using Slipway.Cli.CommandLine;

return await SlipwayCommand.RunAsync(args, Surroundings.OfProcess());
