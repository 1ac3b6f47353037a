using Slipway.Vectors;

return VectorCommand.Run(args, Console.Out);
