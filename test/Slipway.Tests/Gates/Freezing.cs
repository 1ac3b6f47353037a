using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Deliveries;
using Slipway.Gates;
using Slipway.Schedules;

namespace Slipway.Tests.Gates;

/// <summary>Short words for what closes gates.</summary>
internal static class Freezing
{
    public static FreezeTerms Read(FreezeSpec spec, string? by = null, string? manager = null) => FreezeTerms.Read(
        new Freeze { Metadata = new ObjectMeta { Name = "sale", Annotations = by is null ? null : ImmutableDictionary<string, string>.Empty.Add(ApiNames.ByAnnotation, by) }, Spec = spec },
        manager);

    public static WindowSet WindowsOf(params ReleaseWindow[] windows)
    {
        SpecProblem? problem = null;
        var set = new WindowReader(found => problem ??= found).Read(windows);
        Assert.Null(problem);
        return set;
    }
}
