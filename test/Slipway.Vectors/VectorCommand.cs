namespace Slipway.Vectors;

/// <summary>The command line. Exit codes: 0 nothing failed, 1 a case failed, 2 there was nothing to run or it could not be read.</summary>
public static class VectorCommand
{
    private const string Help = """
        Runs cases from the field against the core.

        usage: dotnet run --project test/Slipway.Vectors -- [-v] DIR

          DIR      read for *.json, recursively; a file is {"cases": [{"id", "op", "expect", "dialect"?, ...inputs}]},
                   or {"<op>": [{"expect", ...inputs}], ...}
          -v       list the ids that are not understood, by op
          --help   this text

        passed          the core answers what is expected
        failed          it answers something else: each is printed with both
        declared        a dialect of one peer that is not ours, as a whole and with a reason: see DeclaredDialects.cs
        not understood  no function for the op: see VectorOps.cs

        exit code: 0 nothing failed; 1 a case failed; 2 DIR has no cases, or a file cannot be read
        """;

    public static int Run(IReadOnlyList<string> arguments, TextWriter output)
    {
        if (arguments.Contains("--help") || arguments.Contains("-h"))
        {
            output.WriteLine(Help);
            return 0;
        }

        var paths = arguments.Where(argument => !argument.StartsWith('-')).ToList();
        var unknown = arguments.FirstOrDefault(argument => argument.StartsWith('-') && argument != "-v");
        if (unknown is not null || paths.Count != 1 || !Directory.Exists(paths[0]))
        {
            output.WriteLine(unknown is not null ? $"unknown option {unknown}; see --help" : "name one directory that exists; see --help");
            return 2;
        }

        return Run(paths[0], arguments.Contains("-v"), output);
    }

    private static int Run(string directory, bool verbose, TextWriter output)
    {
        var reports = new List<FileReport>();
        var unreadable = 0;
        foreach (var path in Directory.EnumerateFiles(directory, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var name = Path.ChangeExtension(Path.GetRelativePath(directory, path), null).Replace('\\', '/');
            if (VectorFile.TryRead(name, File.ReadAllText(path), out var file, out var error))
            {
                reports.Add(new VectorRun(VectorOps.All, VectorOps.PeersWords, DeclaredDialects.All).Run(file));
            }
            else
            {
                unreadable++;
                output.WriteLine($"{name}.json cannot be read: {error}");
            }
        }

        ReportText.Write(reports, verbose, output);
        return reports.Any(report => report.Failures.Count > 0) ? 1 : unreadable > 0 || reports.Count == 0 ? 2 : 0;
    }
}
