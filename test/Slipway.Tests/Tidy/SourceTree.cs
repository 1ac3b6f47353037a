using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Slipway.Tests.Tidy;

/// <summary>One source file of the repository, read and parsed once for all tidy tests.</summary>
/// <param name="Path">From the root of the repository, with slashes.</param>
internal sealed record SourceFile(string Path, string Text, SyntaxNode Root)
{
    public int Lines => Text.AsSpan().TrimEnd('\n').Count('\n') + 1;

    public IEnumerable<T> All<T>() where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    /// <summary>Methods, constructors, operators and local functions with a body, and the lines from their names to their ends.</summary>
    public IEnumerable<(string Name, int Lines)> Methods =>
        All<SyntaxNode>().Select(node => node switch
        {
            BaseMethodDeclarationSyntax { Body: not null } or BaseMethodDeclarationSyntax { ExpressionBody: not null } => ((BaseMethodDeclarationSyntax)node) switch
            {
                MethodDeclarationSyntax method => (method.Identifier.Text, Extent(method, method.Identifier)),
                ConstructorDeclarationSyntax constructor => (constructor.Identifier.Text, Extent(constructor, constructor.Identifier)),
                var other => ("operator", Extent(other, other.ParameterList.OpenParenToken)),
            },
            LocalFunctionStatementSyntax local => (local.Identifier.Text, Extent(local, local.Identifier)),
            _ => default,
        }).Where(method => method.Item1 is not null);

    public bool IsIn(params ReadOnlySpan<string> folders)
    {
        foreach (var folder in folders)
        {
            if (Path.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static int Extent(SyntaxNode node, SyntaxToken name)
    {
        var tree = node.SyntaxTree;
        return tree.GetLineSpan(node.Span).EndLinePosition.Line - tree.GetLineSpan(name.Span).StartLinePosition.Line + 1;
    }
}

/// <summary>The repository as it lies around this test.</summary>
internal static class SourceTree
{
    public static string Root { get; } = FindRoot();

    private static readonly string[] Folders = ["src", "test", "bench"];

    private static readonly Lazy<IReadOnlyList<SourceFile>> Files = new(() =>
    [
        .. Folders.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
            .Where(path => !IsBuilt(path))
            .Order(StringComparer.Ordinal)
            .AsParallel().AsOrdered()
            .Select(Read),
    ]);

    public static IReadOnlyList<SourceFile> All => Files.Value;

    public static IEnumerable<SourceFile> Source => All.Where(file => file.IsIn("src"));

    public static IEnumerable<SourceFile> Core => All.Where(file => file.IsIn("src/Slipway.Core"));

    public static IEnumerable<SourceFile> Tests => All.Where(file => file.IsIn("test"));

    /// <summary>Every text that people read or run: code, documents, scripts.</summary>
    public static IEnumerable<(string Path, string Text)> Texts(params string[] folders) =>
        folders.Select(folder => Path.Combine(Root, folder)).Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            .Where(path => !IsBuilt(path) && Path.GetExtension(path) is ".cs" or ".md" or ".sh" or ".csproj" or ".props" or ".yaml" or "" or ".py")
            .Select(path => (Relative(path), File.ReadAllText(path)));

    private static SourceFile Read(string path)
    {
        var text = File.ReadAllText(path);
        return new(Relative(path), text, CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview)).GetRoot());
    }

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsBuilt(string path) => Relative(path).Split('/') is var parts && (parts.Contains("obj") || parts.Contains("bin") || parts.Contains("artifacts"));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(Path.Combine(folder, "Slipway.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException($"no Slipway.slnx above {here}");
    }
}
