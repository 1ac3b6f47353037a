using Slipway.Vectors;

namespace Slipway.Tests.Vectors;

public sealed class VectorCommandTests : IDisposable
{
    private const string Passing = """{"cases":[{"id":"ps-1","op":"select","range":"*","tags":["1.0.0","1.1.0"],"expect":{"selected":"1.1.0"}}]}""";

    private readonly string _directory = Directory.CreateTempSubdirectory("slipway-vectors-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Nothing_failed_is_0()
    {
        Write("policy-semver.json", Passing);

        var (code, output) = Run(_directory);

        Assert.Equal(0, code);
        Assert.Matches(@"policy-semver\.json +1 +0 +0 +0", output);
        Assert.Matches(@"total +1 +0 +0 +0", output);
    }

    [Fact]
    public void A_failing_case_is_1_and_is_shown_with_expected_and_actual()
    {
        Write("policy-semver.json", Passing.Replace(""" "1.1.0"}}""".Trim(), """ "1.0.0"}}""".Trim(), StringComparison.Ordinal));

        var (code, output) = Run(_directory);

        Assert.Equal(1, code);
        Assert.Contains("FAILED ps-1 (policy-semver/select)", output, StringComparison.Ordinal);
        Assert.Contains("""expected {"selected":"1.0.0"}""", output, StringComparison.Ordinal);
        Assert.Contains("""actual   {"selected":"1.1.0",""", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Directories_are_read_to_the_bottom_and_their_names_are_part_of_the_op()
    {
        Write("deep/er/policy-semver.json", Passing);

        var (code, output) = Run(_directory, "-v");

        Assert.Equal(0, code);
        Assert.Contains("not understood deep/er/policy-semver/select: ps-1", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_understood_is_counted_always_and_listed_on_request()
    {
        Write("policy-semver.json", """{"cases":[{"id":"ps-7","op":"divine","expect":{"selected":"1.0.0"}}]}""");

        Assert.Matches(@"policy-semver\.json +0 +0 +0 +1", Run(_directory).Output);
        Assert.DoesNotContain("ps-7", Run(_directory).Output, StringComparison.Ordinal);
        Assert.Contains("not understood policy-semver/divine: ps-7", Run("-v", _directory).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_declared_dialect_is_counted_with_its_reason()
    {
        Write("policy-semver.json", """{"cases":[{"id":"ps-8","op":"should-update","dialect":"keel","expect":{"update":true}}]}""");

        var (code, output) = Run(_directory);

        Assert.Equal(0, code);
        Assert.Matches(@"policy-semver\.json +0 +0 +1 +0", output);
        Assert.Contains("declared policy-semver/keel (1 not run): its policies", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_dialect_is_declared_for_a_file_and_with_a_reason() =>
        Assert.All(DeclaredDialects.All, declared =>
        {
            Assert.Matches("^[a-z/-]+/[a-zA-Z-]*$", declared.Key);
            Assert.True(declared.Value.Length > 40, declared.Key);
        });

    [Fact]
    public void A_file_that_is_no_json_is_2_and_the_others_are_still_run()
    {
        Write("broken.json", "{");
        Write("policy-semver.json", Passing);

        var (code, output) = Run(_directory);

        Assert.Equal(2, code);
        Assert.Contains("broken.json cannot be read", output, StringComparison.Ordinal);
        Assert.Matches(@"policy-semver\.json +1 +0 +0 +0", output);
    }

    [Fact]
    public void A_directory_without_files_is_2() => Assert.Equal(2, Run(_directory).Code);

    [Theory]
    [InlineData("")]
    [InlineData("/no/such/directory")]
    [InlineData("--fast|.")]
    [InlineData(".|.")]
    public void A_command_line_that_names_no_directory_is_2_and_points_to_help(string arguments)
    {
        var (code, output) = Run(arguments.Split('|', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(2, code);
        Assert.Contains("see --help", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    public void Help_tells_the_columns_and_the_exit_codes(string option)
    {
        var (code, output) = Run(option);

        Assert.Equal(0, code);
        Assert.Contains("exit code: 0 nothing failed; 1 a case failed", output, StringComparison.Ordinal);
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        using var output = new StringWriter();
        var code = VectorCommand.Run(arguments, output);
        return (code, output.ToString());
    }

    private void Write(string name, string json)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, json);
    }
}
