using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Images;
using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class BuildFileTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("slipway-builds-").FullName;

    private string Path => Directory.EnumerateFiles(_directory).Single();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private TagBuilds Open(string repository = "acme/shop", string? directory = null) =>
        new(new BuildFile(directory ?? _directory, new RepositoryName("ghcr.io", repository), NullLogger.Instance));

    private TagBuilds Written(params (string Tag, DateTimeOffset? At)[] builds)
    {
        var written = Open();
        foreach (var (tag, at) in builds)
        {
            written.Keep(tag, new BuiltAt(at));
        }

        written.Save();
        return written;
    }

    [Fact]
    public void What_one_process_has_read_the_next_one_knows()
    {
        Written(("1.0.0", Noon), ("untold", null));

        var next = Open();
        Assert.Equal(new BuiltAt(Noon), next.Find("1.0.0"));
        Assert.Equal(BuiltAt.Untold, next.Find("untold"));
        Assert.Null(next.Find("2.0.0"));
    }

    [Fact]
    public void Of_two_words_on_a_tag_the_later_counts()
    {
        Written(("1.0.0", Noon));
        Written(("1.0.0", Noon.AddHours(1)));

        Assert.Equal(new BuiltAt(Noon.AddHours(1)), Open().Find("1.0.0"));
    }

    [Fact]
    public void A_tag_that_could_not_be_read_is_asked_for_again_by_the_next_process()
    {
        var written = Open();
        written.Keep("1.0.0", new BuiltAt(Noon));
        written.Keep("gone", BuiltAt.Missing);
        written.Save();

        Assert.Null(Open().Find("gone"));
        Assert.NotNull(Open().Find("1.0.0"));
    }

    [Fact]
    public void Repositories_do_not_share_what_they_know()
    {
        Written(("1.0.0", Noon));

        Assert.Null(Open("acme/other").Find("1.0.0"));
    }

    [Fact]
    public void Nothing_new_is_not_written_again()
    {
        var written = Written(("1.0.0", Noon));
        var length = new FileInfo(Path).Length;
        written.Save();

        Assert.Equal(length, new FileInfo(Path).Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(23)]
    public void A_file_that_ends_within_a_record_is_begun_anew(int lost)
    {
        Written(("1.0.0", Noon), ("2.0.0", Noon));
        using (var file = File.OpenWrite(Path))
        {
            file.SetLength(file.Length - lost);
        }

        Assert.Null(Open().Find("1.0.0"));
        Written(("3.0.0", Noon));
        Assert.NotNull(Open().Find("3.0.0"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("something else altogether")]
    [InlineData("slipway build times, 2.\nnnnnnnnnnnnnnnnnnnnnnnnn")]
    public void What_this_version_has_not_written_is_not_believed(string text)
    {
        Written(("1.0.0", Noon));
        File.WriteAllText(Path, text);

        Assert.Null(Open().Find("1.0.0"));
        Written(("3.0.0", Noon));
        Assert.Equal(new BuiltAt(Noon), Open().Find("3.0.0"));
    }

    [Fact]
    public void Without_a_usable_directory_everything_works_and_nothing_is_kept()
    {
        var file = System.IO.Path.Combine(_directory, "a-file");
        File.WriteAllText(file, "");
        var builds = Open(directory: System.IO.Path.Combine(file, "below"));

        builds.Keep("1.0.0", new BuiltAt(Noon));
        builds.Save();

        Assert.Equal(new BuiltAt(Noon), builds.Find("1.0.0"));
        Assert.Null(Open(directory: System.IO.Path.Combine(file, "below")).Find("1.0.0"));
    }
}
