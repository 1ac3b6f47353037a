namespace Slipway.Vectors;

internal static class ReportText
{
    public static void Write(IReadOnlyList<FileReport> reports, bool verbose, TextWriter output)
    {
        var width = reports.Select(report => report.Name.Length + 5).Append(8).Max();
        output.WriteLine($"{"file".PadRight(width)} {"passed",7} {"failed",7} {"declared",9} {"not understood",15}");
        foreach (var report in reports)
        {
            output.WriteLine(Row($"{report.Name}.json", [report], width));
        }

        output.WriteLine(Row("total", reports, width));
        foreach (var report in reports)
        {
            WriteFailures(report, output);
        }

        foreach (var report in reports)
        {
            foreach (var dialect in report.Declared)
            {
                output.WriteLine($"declared {report.Name}/{dialect.Key} ({dialect.Count()} not run): {DeclaredDialects.All.GetValueOrDefault($"{report.Name}/{dialect.Key}")}");
            }
        }

        foreach (var report in verbose ? reports : [])
        {
            foreach (var op in report.NotUnderstood)
            {
                output.WriteLine($"not understood {report.Name}/{op.Key}: {string.Join(' ', op)}");
            }
        }
    }

    private static void WriteFailures(FileReport report, TextWriter output)
    {
        foreach (var failure in report.Failures)
        {
            output.WriteLine($"FAILED {failure.Id} ({report.Name}/{failure.Op})");
            output.WriteLine($"  expected {failure.Expected}");
            output.WriteLine($"  actual   {failure.Actual}");
        }
    }

    private static string Row(string name, IReadOnlyList<FileReport> reports, int width)
    {
        var failed = reports.Sum(report => report.Failures.Count);
        var declared = reports.Sum(report => report.Declared.Sum(group => group.Count()));
        var notUnderstood = reports.Sum(report => report.NotUnderstood.Sum(group => group.Count()));
        return $"{name.PadRight(width)} {reports.Sum(report => report.Passed),7} {failed,7} {declared,9} {notUnderstood,15}";
    }
}
