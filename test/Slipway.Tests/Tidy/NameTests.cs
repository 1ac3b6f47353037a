using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Slipway.Tests.Tidy;

public sealed partial class NameTests
{
    [Fact]
    public void Types_are_named_for_what_they_are() =>
        Ratchet.Check(
            "name the thing; everything is some kind of manager, helper or processor",
            from file in SourceTree.All from type in file.All<BaseTypeDeclarationSyntax>() where VagueName.IsMatch(type.Identifier.Text) select $"{file.Path} {type.Identifier.Text}");

    [Fact]
    public void Tests_are_sentences() =>
        Ratchet.Check(
            "a test is named by the sentence that it proves, in words with underscores between them",
            from file in SourceTree.Tests
            from method in file.All<MethodDeclarationSyntax>()
            where AssertionTests.IsTest(method) && !Sentence.IsMatch(method.Identifier.Text)
            select $"{file.Path} {method.Identifier.Text}",
            "test/Slipway.Tests/Registry/LoginStyleTests.cs Allowed",
            "test/Slipway.Tests/Registry/LoginStyleTests.cs Refused");

    [Fact]
    public void An_interface_has_two_implementations()
    {
        var bases = SourceTree.All.SelectMany(file => file.All<BaseListSyntax>()).SelectMany(list => list.Types).Select(type => Simple(type.Type.ToString())).ToLookup(name => name);
        Ratchet.Check(
            "an interface with one implementation is that implementation; a function is often enough",
            from file in SourceTree.Source
            from type in file.All<InterfaceDeclarationSyntax>()
            where bases[type.Identifier.Text].Count() < 2
            select $"{file.Path} {type.Identifier.Text}");
    }

    [Fact]
    public void A_namespace_is_its_folder() =>
        Ratchet.Check(
            "a file lies in the folder of its namespace, so that it is found where it is looked for",
            from file in SourceTree.Source
            where file.Root is CompilationUnitSyntax { Members: [FileScopedNamespaceDeclarationSyntax { Name: var name }] }
                && !FolderNamespaces(file.Path).Contains(name.ToString())
            select file.Path);

    // Core and Runtime are one namespace, Slipway.<Folder>: the wall between them is what may be used, not how it is called. A folder within a
    // folder may share its namespace.
    private static IEnumerable<string> FolderNamespaces(string path)
    {
        var parts = path.Split('/');
        var head = parts[1] is "Slipway.Core" or "Slipway.Runtime" ? "Slipway" : parts[1];
        var folders = parts[2..^1];
        return Enumerable.Range(0, folders.Length + 1).Where(depth => depth > 0 || folders.Length == 0).Select(depth => string.Join('.', folders[..depth].Prepend(head)));
    }

    private static string Simple(string name) => name.Split('<')[0].Split('.')[^1];

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Utilities|Common|Base|Impl|Info|Data|Processor)$")]
    private static partial Regex VagueName { get; }

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$")]
    private static partial Regex Sentence { get; }
}
