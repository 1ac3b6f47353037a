using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Slipway.Tests.Tidy;

public sealed partial class HouseTests
{
    /// <summary>Which project may use which, and nothing else. The sandbox never sees the runtime: a bug must not be on both sides of a test.</summary>
    private static readonly Dictionary<string, string[]> Uses = new()
    {
        ["Slipway.Core"] = [],
        ["Slipway.Runtime"] = ["Slipway.Core"],
        ["Slipway.Controller"] = ["Slipway.Runtime"],
        ["Slipway.Sandbox"] = ["Slipway.Core"],
        ["Slipway.Cli"] = ["Slipway.Controller", "Slipway.Sandbox"],
        ["Slipway.Packaging"] = ["Slipway.Sandbox"],
        ["Slipway.Dashboard"] = ["Slipway.Core"],
    };

    private static IEnumerable<(string Name, XDocument Text)> Projects =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "src"), "*.csproj", SearchOption.AllDirectories).Select(path => (Path.GetFileNameWithoutExtension(path), XDocument.Load(path)));

    [Fact]
    public void Projects_depend_in_one_direction() =>
        Ratchet.Check(
            "this dependency is not in the architecture; put the type where both may see it",
            from project in Projects
            from reference in Included(project.Text, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
            where !Uses.GetValueOrDefault(project.Name, []).Contains(reference)
            select $"{project.Name} → {reference}");

    // Arithmetic on bytes and nothing else: of BouncyCastle Ed25519 is used, and the core's BannedSymbols.txt bans what draws or reads.
    private static readonly string[] Pure = ["BouncyCastle.Cryptography"];

    [Fact]
    public void The_core_stands_on_the_platform_alone() =>
        Ratchet.Check(
            "the core has no packages but pure ones: what needs another belongs into the runtime",
            Projects.Where(project => project.Name == "Slipway.Core").SelectMany(project => Included(project.Text, "PackageReference")).Except(Pure));

    [Fact]
    public void Every_package_says_what_it_is_for()
    {
        var text = File.ReadAllLines(Path.Combine(SourceTree.Root, "Directory.Packages.props"));
        Ratchet.Check(
            "write a line above it: who needs it, and for what",
            text.Index().Where(line => line.Item.Contains("<PackageVersion", StringComparison.Ordinal) && !text[line.Index - 1].Contains("-->", StringComparison.Ordinal)).Select(line => line.Item.Trim()));
    }

    [Fact]
    public void Nothing_is_left_for_later() =>
        Ratchet.Check(
            "do it, or open an issue and name it in a comment that says why",
            from text in SourceTree.Texts("src", "test", "bench", "eng", "docs")
            where !text.Path.Contains("/Tidy/", StringComparison.Ordinal) && LeftForLater.IsMatch(text.Text)
            select text.Path);

    [Fact]
    public void Words_that_say_nothing_are_not_said() =>
        Ratchet.Check(
            "say what it does, in the words of the glossary",
            from text in SourceTree.Texts("src", "test", "bench", "eng", "docs")
            where !text.Path.Contains("/Tidy/", StringComparison.Ordinal)
            from Match word in Empty.Matches(text.Text)
            select $"{text.Path} {word.Value}");

    [Fact]
    public void Only_one_place_catches_everything() =>
        Ratchet.Check(
            "catch what you can do something about, with a filter; the reconcile loop catches the rest, and counts it",
            from file in SourceTree.Source
            from @catch in file.All<CatchClauseSyntax>()
            where @catch.Filter is null && @catch.Declaration is null or { Type: IdentifierNameSyntax { Identifier.Text: "Exception" } } && !@catch.Block.ToString().Contains("throw;", StringComparison.Ordinal)
            select file.Path,
            "src/Slipway.Runtime/Queue/ReconcileLoop.cs",
            "src/Slipway.Runtime/Registry/Feed.cs",
            "src/Slipway.Sandbox/Workloads/WorkLoop.cs");

    [Fact]
    public void No_catch_is_silent() =>
        Ratchet.Check(
            "an error that is dropped needs a comment that says why that is right",
            from file in SourceTree.Source
            from @catch in file.All<CatchClauseSyntax>()
            where @catch.Block.Statements.Count == 0 && !@catch.Block.ToString().Contains("//", StringComparison.Ordinal)
            select file.Path);

    private static IEnumerable<string> Included(XDocument project, string kind) => project.Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex LeftForLater { get; }

    [GeneratedRegex(@"\b(utilize|leverage[sd]?|seamless(ly)?|blazing(ly)?|effortless(ly)?|simply put|obviously|basically|whitelist|blacklist|best-in-class|state-of-the-art)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Empty { get; }
}
