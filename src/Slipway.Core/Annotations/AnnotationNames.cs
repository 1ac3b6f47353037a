using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Workloads;

namespace Slipway.Annotations;

/// <summary>Names by which workloads ask for a Delivery, and by which the Delivery that was made is known.</summary>
public static class AnnotationNames
{
    public const string Prefix = ApiNames.Group + "/";

    /// <summary>The one without which the others say nothing.</summary>
    public const string Follow = Prefix + "follow";

    /// <summary>Label of a Delivery that was made of annotations: the kind of its workload.</summary>
    public const string GeneratedFrom = Prefix + "generated-from";

    /// <summary>Annotation of such a Delivery: the fingerprint of what the annotations said when it was written.</summary>
    public const string GeneratedSpec = Prefix + "generated-spec";

    /// <summary>Annotation of such a Delivery: which annotation of the workload cannot be read, and why. While it is there, nothing happens.</summary>
    public const string Problem = Prefix + "annotation-problem";

    /// <summary>The kinds that may ask; where a name is used by several, the first of them counts.</summary>
    public static readonly ImmutableArray<WorkloadKind> Kinds = [WorkloadKinds.Deployment, WorkloadKinds.StatefulSet, WorkloadKinds.DaemonSet, WorkloadKinds.CronJob];

    /// <summary>Beyond any setting that makes sense. A longer one is cut when it is read, and refused when it is used.</summary>
    public const int LongestValue = 1024;

    // Written by Slipway, with each release; they are no wishes.
    private static readonly ImmutableArray<string> Ours = [ApiNames.ReleaseAnnotation, ApiNames.VersionAnnotation];

    /// <summary>Whether an annotation of a workload is somebody's wish, and worth to be kept.</summary>
    public static bool IsSetting(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && !Ours.Contains(name);
}
