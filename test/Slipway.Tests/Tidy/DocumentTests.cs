using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Slipway.Tests.Tidy;

public sealed partial class DocumentTests(ITestOutputHelper output)
{
    private const int FilesThatNeedAGuide = 5;

    [Fact]
    public void A_folder_that_holds_an_idea_says_which()
    {
        var folders = SourceTree.Source.GroupBy(file => Path.GetDirectoryName(file.Path)!.Replace('\\', '/')).Where(folder => folder.Count() >= FilesThatNeedAGuide).Select(folder => folder.Key);
        Ratchet.Check(
            "write a README.md of 10 to 40 lines: what it is for, its words, its rules, and a drawing where there is a state machine",
            folders.Where(folder => !File.Exists(Path.Combine(SourceTree.Root, folder, "README.md"))),
            "src/Slipway.Cli/CommandLine",
            "src/Slipway.Cli/Demo",
            "src/Slipway.Cli/Output",
            "src/Slipway.Cli/Requests",
            "src/Slipway.Cli/Verbs",
            "src/Slipway.Runtime/Controllers",
            "src/Slipway.Sandbox/Api",
            "src/Slipway.Sandbox/Schema",
            "src/Slipway.Sandbox/Storage",
            "src/Slipway.Sandbox/Workloads/Nodes");
    }

    [Fact]
    public void A_guide_is_short() =>
        Ratchet.Check(
            "a README in src has 10 to 40 lines: shorter says nothing, longer belongs into docs/",
            from text in SourceTree.Texts("src")
            where text.Path.EndsWith("/README.md", StringComparison.Ordinal) && text.Text.AsSpan().TrimEnd('\n').Count('\n') + 1 is < 10 or > 40
            select text.Path,
            "src/Slipway.Runtime/Workloads/README.md",
            "src/Slipway.Sandbox/Workloads/README.md");

    [Fact]
    public void Every_public_type_of_the_core_says_what_it_means() =>
        Ratchet.Check(
            "write a summary: what it means, its units, where a protocol fact comes from",
            from file in SourceTree.Core
            from type in file.All<MemberDeclarationSyntax>()
            where type is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax && IsVisible(type) && !IsCase(type) && !IsDocumented(type)
            select $"{file.Path} {Name(type)}",
            "src/Slipway.Core/Workloads/Claims.cs ClaimedContainer",
            "src/Slipway.Core/Workloads/WorkloadSnapshot.cs Taint",
            "src/Slipway.Core/Workloads/WorkloadSnapshot.cs Toleration");

    [Fact]
    public void Every_reason_is_used_and_explained()
    {
        var reasons = SourceTree.Core.Single(file => file.Path.EndsWith("Conditions/Reasons.cs", StringComparison.Ordinal))
            .All<VariableDeclaratorSyntax>().Select(constant => constant.Identifier.Text).ToArray();
        var used = SourceTree.Source.Where(file => !file.Path.EndsWith("/Reasons.cs", StringComparison.Ordinal))
            .SelectMany(file => file.All<MemberAccessExpressionSyntax>()).Where(member => member.Expression.ToString() == "Reasons").Select(member => member.Name.ToString()).ToHashSet();

        // An Event tells of the end of an attempt by the name of its outcome.
        var outcomes = SourceTree.Core.Single(file => file.Path.EndsWith("History/Outcomes.cs", StringComparison.Ordinal)).All<VariableDeclaratorSyntax>().Select(constant => constant.Identifier.Text).ToHashSet();
        var explained = Code.Matches(File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "conditions.md"))).Select(match => match.Groups[1].Value).ToHashSet();

        Ratchet.Check("nothing gives this reason; delete it", reasons.Where(reason => !used.Contains(reason) && !outcomes.Contains(reason)));
        Ratchet.Check("docs/conditions.md does not say what it means and what to do about it", reasons.Where(reason => !explained.Contains(reason)));
    }

    [Fact]
    public void Comments_are_few_and_not_none()
    {
        var (comments, lines) = (0, 0);
        foreach (var file in SourceTree.Source)
        {
            comments += file.Root.DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
                .Sum(trivia => trivia.ToString().Count('\n') + 1);
            lines += file.Lines;
        }

        var percent = 100.0 * comments / lines;
        output.WriteLine($"{comments} lines of comment outside XML docs in {lines}: {percent:0.0} %");

        Assert.True(percent <= 10, $"{percent:0.0} % of the lines are comments, over 10: say it by names, and keep what says why");
        Assert.True(percent >= LeastComments, $"{percent:0.0} % of the lines are comments, under {LeastComments}: a reader asks why, and nobody answers");
    }

    // The house wants 5 to 10. Where it stood when this came; it only gets better.
    private const double LeastComments = 1.2;

    private static bool IsVisible(MemberDeclarationSyntax type) =>
        type.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().All(member => member is BaseNamespaceDeclarationSyntax || member.Modifiers.Any(SyntaxKind.PublicKeyword));

    // The cases of a closed hierarchy stand under the sentence of the whole; what is not plain from their names, they say themselves.
    private static bool IsCase(MemberDeclarationSyntax type) =>
        type is RecordDeclarationSyntax { BaseList.Types: [var only] } && type.Parent is RecordDeclarationSyntax closed
        && only.Type.ToString().Split('<')[0] == closed.Identifier.Text && IsDocumented(closed);

    private static bool IsDocumented(MemberDeclarationSyntax type) => type.GetLeadingTrivia().Any(trivia => trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia));

    private static string Name(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax named => named.Identifier.Text,
        DelegateDeclarationSyntax named => named.Identifier.Text,
        _ => type.ToString(),
    };

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Code { get; }
}
