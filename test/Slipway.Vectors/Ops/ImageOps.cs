using System.Text.Json.Nodes;
using Slipway.Images;

namespace Slipway.Vectors.Ops;

internal static class ImageOps
{
    public static JsonObject ParseStrict(VectorCase one) => !ReferenceGrammar.TryParse(one.Text("input"), out var parts, out var fault)
        ? Invalid(fault)
        : new JsonObject { ["valid"] = true, ["name"] = parts.Name, ["domain"] = parts.Domain, ["tag"] = parts.Tag ?? "", ["digest"] = parts.Digest ?? "" };

    public static JsonObject Normalize(VectorCase one) => !ImageReference.TryParse(one.Text("input"), out var reference, out var error)
        ? new JsonObject { ["valid"] = false, ["why"] = error }
        : new JsonObject
        {
            ["valid"] = true,
            ["domain"] = reference.Repository.Domain,
            ["path"] = reference.Repository.Path,
            ["tag"] = reference.Tag,
            ["digest"] = reference.Digest,
            ["canonical"] = reference.ToString(),
            ["familiar"] = reference.Familiar,
            ["withDefaultTag"] = reference.WithDefaultTag().ToString(),
        };

    public static JsonObject PullReference(VectorCase one)
    {
        var reference = Reference(one.Text("input")).WithDefaultTag();
        return new JsonObject { ["canonical"] = (reference.Digest is null ? reference : reference.With(null, reference.Digest)).ToString() };
    }

    public static JsonObject ParseCanonical(VectorCase one)
    {
        var text = one.Text("input");
        return ImageReference.TryParse(text, out var reference, out _) && reference.ToString() == text
            ? new JsonObject { ["valid"] = true, ["domain"] = reference.Repository.Domain, ["path"] = reference.Repository.Path }
            : new JsonObject { ["valid"] = false, ["error"] = "name-not-canonical" };
    }

    public static JsonObject ValidName(VectorCase one)
    {
        var isName = ReferenceGrammar.TryParse(one.Text("input"), out var parts, out var fault) && parts is { Tag: null, Digest: null };
        return isName ? new JsonObject { ["valid"] = true } : Invalid(fault == ReferenceFault.NameTooLong ? fault : ReferenceFault.InvalidFormat);
    }

    public static JsonObject SplitStrict(VectorCase one) => ReferenceGrammar.TrySplitName(one.Text("input"), out var domain, out var path)
        ? new JsonObject { ["domain"] = domain, ["path"] = path }
        : Invalid(ReferenceFault.InvalidFormat);

    public static JsonObject NameGrammar(VectorCase one) => ReferenceGrammar.TrySplitName(one.Text("input"), out var domain, out var path)
        ? new JsonObject { ["match"] = true, ["groups"] = new JsonArray(domain, path) }
        : new JsonObject { ["match"] = false };

    public static JsonObject ReferenceGrammarOnly(VectorCase one) => ReferenceGrammar.TryMatch(one.Text("input"), out var parts)
        ? new JsonObject { ["match"] = true, ["groups"] = new JsonArray(parts.Name, parts.Tag ?? "", parts.Digest ?? "") }
        : new JsonObject { ["match"] = false };

    public static JsonObject DomainGrammar(VectorCase one) => new() { ["match"] = ReferenceGrammar.IsDomain(one.Text("input")) };

    public static JsonObject IdentifierGrammar(VectorCase one) => new() { ["match"] = Digest.IsSha256(Digest.Sha256Prefix + one.Text("input")) };

    public static JsonObject ValidTag(VectorCase one) => new() { ["valid"] = ReferenceGrammar.IsTag(one.Text("input")) };

    public static JsonObject RepositoryField(VectorCase one) => new() { ["valid"] = RepositoryName.TryParse(one.Text("input"), out _, out _) };

    public static JsonObject SameRepository(VectorCase one) => new() { ["same"] = Reference(one.Text("a")).Repository == Reference(one.Text("b")).Repository };

    private static ImageReference Reference(string text) =>
        ImageReference.TryParse(text, out var reference, out var error) ? reference : throw new ArgumentException(error);

    private static JsonObject Invalid(ReferenceFault fault) => new()
    {
        ["valid"] = false,
        ["error"] = fault switch
        {
            ReferenceFault.NameEmpty => "name-empty",
            ReferenceFault.NameUppercase => "uppercase",
            ReferenceFault.NameTooLong => "name-too-long",
            ReferenceFault.DigestUnsupported => "digest-unsupported",
            ReferenceFault.DigestInvalidLength => "digest-invalid-length",
            _ => "invalid-format",
        },
    };
}
