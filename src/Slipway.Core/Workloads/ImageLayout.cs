using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Workloads;

/// <summary>What part of an image a field holds.</summary>
public enum ImagePart
{
    /// <summary>All of it, as in a pod: <c>repository:tag@digest</c>.</summary>
    Reference,

    Repository,

    Tag,

    Digest,
}

/// <summary>A field that holds an image, or a part of one.</summary>
public sealed record ImageField(FieldPath Path, ImagePart Part);

/// <summary>One image of an object of a custom kind: the fields that describe it together.</summary>
public sealed record ImageLayout(ImmutableArray<ImageField> Fields)
{
    private static readonly string Parts = string.Join(", ", Enum.GetNames<ImagePart>());

    /// <summary>What the image is called where a container's name stands otherwise: its fields.</summary>
    public string Name { get; } = string.Join(", ", Fields.Select(field => field.Path));

    /// <summary>No field takes a digest: the image is told by its tag alone, as with <c>pin: Tag</c>.</summary>
    public bool IsByTag => Has(ImagePart.Tag) && !Has(ImagePart.Digest);

    /// <param name="problem">Its field begins with <paramref name="at"/>.</param>
    public static bool TryRead(string at, IReadOnlyList<ImagePath> paths, [NotNullWhen(true)] out ImageLayout? layout, [NotNullWhen(false)] out SpecProblem? problem)
    {
        layout = null;
        var fields = ImmutableArray.CreateBuilder<ImageField>();
        foreach (var (index, written) in paths.Index())
        {
            if (!FieldPath.TryParse(written.Path, out var path, out var error))
            {
                problem = new($"{at}[{index}].path", string.IsNullOrEmpty(written.Path) ? error : $"{UntrustedText.Quote(written.Path)} {error}");
                return false;
            }

            var part = ImagePart.Reference;
            if (!string.IsNullOrEmpty(written.As) && !TryPart(written.As, out part))
            {
                problem = new($"{at}[{index}].as", $"{UntrustedText.Quote(written.As)} is not one of {Parts}");
                return false;
            }

            fields.Add(new(path, part));
        }

        layout = new(fields.ToImmutable());
        problem = Conflict(at, layout.Fields);
        layout = problem is null ? layout : null;
        return layout is not null;
    }

    /// <summary>The image as it stands in an object, as if it were that of a container.</summary>
    /// <param name="repository">Where no field says where it is from.</param>
    public ContainerImage Compose(CustomState state, string? repository)
    {
        var read = Fields.ToDictionary(field => field.Part, Reading);
        return new(Name, Text(read, repository), Owner: OwnerOf(read, repository)) { ByTag = IsByTag, Apart = Has(ImagePart.Tag) && Has(ImagePart.Digest) };

        FieldReading Reading(ImageField field) => state.Fields.GetValueOrDefault(field.Path.ToString()) ?? new(null, "");
    }

    /// <summary>What each field must say for the object to run an image.</summary>
    /// <param name="reference">The image as a whole, in the spelling of a pod.</param>
    public IEnumerable<(ImageField Field, string Text)> Spell(ImageReference reference, string? tag, string digest) =>
        Fields.Select(field => (field, field.Part switch
        {
            ImagePart.Reference => reference.Written,
            ImagePart.Repository => reference.WrittenName,
            ImagePart.Tag => tag ?? "",
            _ => digest,
        }));

    private bool Has(ImagePart part) => Fields.Any(field => field.Part == part);

    // Who wrote the version decides; who wrote the repository does only where that is another one than is followed.
    private static FieldOwner? OwnerOf(Dictionary<ImagePart, FieldReading> read, string? repository)
    {
        if (read.GetValueOrDefault(ImagePart.Repository) is { Text: { } name } other && repository is not null && !IsSame(name, repository))
        {
            return other.Owner;
        }

        FieldOwner?[] owners = [.. read.Where(field => field.Key != ImagePart.Repository && field.Value.Text is not null).Select(field => field.Value.Owner)];
        return owners.MaxBy(owner => ImageWriters.Classify(owner));
    }

    private static bool IsSame(string one, string other) =>
        RepositoryName.TryParse(one, out var first, out _) && RepositoryName.TryParse(other, out var second, out _) && first == second;

    private static string Text(Dictionary<ImagePart, FieldReading> read, string? repository)
    {
        string? Part(ImagePart part) => read.GetValueOrDefault(part)?.Text;
        if (read.ContainsKey(ImagePart.Reference))
        {
            return Part(ImagePart.Reference) ?? "";
        }

        // With neither of them there is no image yet: to read it as "latest" would be an invention.
        var (name, tag, digest) = (Part(ImagePart.Repository) ?? repository, Part(ImagePart.Tag), Part(ImagePart.Digest));
        return name is null || (tag is null && digest is null) ? "" : $"{name}{(tag is null ? "" : $":{tag}")}{(digest is null ? "" : $"@{digest}")}";
    }

    // Not Enum.TryParse, which takes numbers and lists too.
    private static bool TryPart(string text, out ImagePart part)
    {
        foreach (var known in Enum.GetValues<ImagePart>())
        {
            if (known.ToString() == text)
            {
                part = known;
                return true;
            }
        }

        part = default;
        return false;
    }

    private static SpecProblem? Conflict(string at, ImmutableArray<ImageField> fields)
    {
        if (fields.GroupBy(field => field.Path).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            return new(at, $"{twice.Key} is named twice");
        }

        if (fields.GroupBy(field => field.Part).FirstOrDefault(same => same.Count() > 1) is { } again)
        {
            return new(at, $"has {again.Key} more than once: the paths of one target describe one image; name the object in another target for each further image");
        }

        return fields.Length > 1 && fields.Any(field => field.Part == ImagePart.Reference) ? new(at, "a Reference is a whole image: no other part goes with it")
            : fields.All(field => field.Part == ImagePart.Repository) ? new(at, "a Repository alone tells no version; add a Tag or a Digest")
            : null;
    }
}
