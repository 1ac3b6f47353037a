using Slipway.Bench;
using Slipway.Bench.Scale;

// What things cost, what they may cost, and how that grows. Words on the command line pick the rows that have one of them in their name.
if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine($"usage: dotnet run -c Release --project bench/Slipway.Bench [-- WORD...]\nwithout words, all rows of one process; 'scale' measures the published controller beside whole fleets:\n{ScaleOptions.Usage}");
    return 0;
}

if (args is ["scale", .. var rest])
{
    if (ScaleOptions.Read(rest) is not { } options)
    {
        Console.Error.WriteLine(ScaleOptions.Usage);
        return 2;
    }

    Report.Write(Console.Out, "the controller compiled ahead of time, in a process of its own; by the clock on the wall where nothing else is said", await ScaleBench.MeasureAsync(options));
    return 0;
}

Benchmark[] all = [.. SelectionBench.All, .. PlannerBench.All, .. StatusBench.All, .. MemoryBench.All, .. RegistryBench.All, .. SimulationBench.All, .. PathBench.All, .. StepBench.All];
var chosen = all.Where(benchmark => args.Length == 0 || args.Any(word => benchmark.What.Contains(word, StringComparison.OrdinalIgnoreCase))).ToArray();
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"no row has {string.Join(" or ", args)} in its name; there are:\n  {string.Join("\n  ", all.Select(benchmark => benchmark.What))}");
    return 2;
}

var rows = new List<(string What, Figure Figure)>();
foreach (var (what, run) in chosen)
{
    Console.Error.WriteLine($"{what} …");
    rows.Add((what, run()));
}

Report.Write(Console.Out, $"just-in-time compiled; processor time, the median of {Measure.Samples} samples", rows);
return 0;
