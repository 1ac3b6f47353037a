using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Slipway.Tests.Tidy;

public sealed class AssertionTests
{
    [Fact]
    public void Every_test_can_fail()
    {
        var asserting = Asserting();
        Ratchet.Check(
            "it asserts nothing, and so proves nothing but that nothing is thrown; say what must come out",
            from file in SourceTree.Tests
            from method in file.All<MethodDeclarationSyntax>()
            where IsTest(method) && !Asserts(method, asserting)
            select $"{file.Path} {method.Identifier.Text}",
            "test/Slipway.Tests/Leadership/TenureTests.cs A_stop_ends_the_work_of_the_running_term");
    }

    [Fact]
    public void No_test_is_skipped() =>
        Ratchet.Check(
            "a test that does not run is no test: mend it, or delete it and say why in the commit; what a machine lacks is asked for with Assert.SkipUnless",
            from file in SourceTree.Tests
            from argument in file.All<AttributeArgumentSyntax>()
            where argument.NameEquals?.Name.Identifier.Text is "Skip" or "Explicit"
            select file.Path);

    [Fact]
    public void Nothing_sleeps() =>
        Ratchet.Check(
            "a sleep is a guess; wait for what you wait for, with a TimeProvider",
            SourceTree.All.Where(file => file.All<MemberAccessExpressionSyntax>().Any(member => member.ToString() == "Thread.Sleep")).Select(file => file.Path));

    internal static bool IsTest(MethodDeclarationSyntax method) =>
        method.AttributeLists.SelectMany(list => list.Attributes).Any(attribute => attribute.Name.ToString() is "Fact" or "Theory");

    /// <summary>The names of the methods of the tests that assert, themselves or by another of them.</summary>
    private static HashSet<string> Asserting()
    {
        var methods = SourceTree.Tests.SelectMany(file => file.All<MethodDeclarationSyntax>()).ToArray();

        // A property that is sampled fails where it is false or throws.
        HashSet<string> known = ["Sample"];
        for (var before = 0; known.Count > before;)
        {
            before = known.Count;
            known.UnionWith(methods.Where(method => Asserts(method, known) || Throws(method)).Select(method => method.Identifier.Text).ToArray());
        }

        return known;
    }

    private static bool Throws(MethodDeclarationSyntax method) => method.DescendantNodes().Any(node => node is ThrowExpressionSyntax or ThrowStatementSyntax);

    private static bool Asserts(MethodDeclarationSyntax method, HashSet<string> known) =>
        method.DescendantNodes().OfType<InvocationExpressionSyntax>().Any(call => call.Expression switch
        {
            MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "Assert" or "Golden" } } => true,
            MemberAccessExpressionSyntax { Name: var name } => known.Contains(name.Identifier.Text),
            SimpleNameSyntax name => known.Contains(name.Identifier.Text),
            MemberBindingExpressionSyntax { Name: var name } => known.Contains(name.Identifier.Text),
            _ => false,
        } || call.ArgumentList.Arguments.Any(argument => argument.Expression is IdentifierNameSyntax { Identifier.Text: var passed } && known.Contains(passed)));
}
