using System.Collections.Immutable;
using Slipway.Api;
using Slipway.Images;

namespace Slipway.Workloads;

/// <summary>One workload that a Delivery updates.</summary>
/// <param name="Workload">Null when it does not exist (yet).</param>
/// <param name="Containers">Those to update; of a workload that does not exist, those that the spec names.</param>
public sealed record ResolvedTarget(WorkloadKey Key, WorkloadSnapshot? Workload, ImmutableArray<string> Containers)
{
    /// <summary>Of an object of a custom kind: where its images are. <see cref="Containers"/> then has their names.</summary>
    public ImmutableArray<ImageLayout> Layouts { get; init; } = [];

    /// <summary>Of a Job: whether it may be ended while it runs.</summary>
    public string? Recreate { get; init; }
}

/// <summary>What is wrong with a target. <see cref="Message"/> begins with the field and ends with the way out.</summary>
/// <param name="Reason">CamelCase, see <see cref="TargetProblems"/>.</param>
public sealed record TargetProblem(string Reason, string Message);

/// <summary>Reasons of a <see cref="TargetProblem"/>.</summary>
public static class TargetProblems
{
    /// <summary>Neither name nor selector, both, or a selector that is no selector.</summary>
    public const string InvalidTarget = "InvalidTarget";

    /// <summary>spec.source.repository is no repository.</summary>
    public const string InvalidRepository = "InvalidRepository";

    /// <summary>No repository is given, and no container exists whose image would tell it.</summary>
    public const string RepositoryUnknown = "RepositoryUnknown";

    public const string UnsupportedKind = "UnsupportedKind";

    public const string NothingSelected = "NothingSelected";

    public const string TargetNotFound = "TargetNotFound";

    public const string ContainerNotFound = "ContainerNotFound";

    /// <summary>The target names no containers, and none of its images is in the repository.</summary>
    public const string NoContainerInRepository = "NoContainerInRepository";

    /// <summary>Objects of this kind cannot be followed: the server does not have it, or the controller may not read it.</summary>
    public const string KindNotFollowed = "KindNotFollowed";

    /// <summary>A path leads nowhere in the object, or to what is no text.</summary>
    public const string ImagePathNotFound = "ImagePathNotFound";

    /// <summary>A Job that is deleted by the clock takes along what it would be created anew from.</summary>
    public const string JobVanishes = "JobVanishes";

    /// <summary>The rollout that spec.strategy describes cannot be made with what is in the cluster.</summary>
    public const string StrategyImpossible = "StrategyImpossible";

    /// <summary>An older Delivery moves the same container.</summary>
    public const string TargetClaimed = "TargetClaimed";
}

/// <param name="Repository">Null when it is neither given nor to be found.</param>
/// <param name="Targets">In the order of the spec; what a selector matches, by name.</param>
public sealed record TargetSet(RepositoryName? Repository, ImmutableArray<ResolvedTarget> Targets, ImmutableArray<TargetProblem> Problems);

/// <summary>Makes of a Delivery's targets and the workloads of its namespace what is to be updated.</summary>
public static class TargetResolution
{
    /// <param name="workloads">At least those of the namespace.</param>
    /// <param name="unfollowed">Kinds, by name, of whose objects nothing is known, and why, with the way out.</param>
    public static TargetSet Resolve(
        string @namespace, DeliverySpec spec, IReadOnlyDictionary<WorkloadKey, WorkloadSnapshot> workloads, IReadOnlyDictionary<string, string>? unfollowed = null)
    {
        var problems = ImmutableArray.CreateBuilder<TargetProblem>();
        var wanted = Wanted(@namespace, spec, workloads, unfollowed, problems);
        var repository = RepositoryOf(spec.Source?.Repository, wanted, problems);
        var targets = ImmutableArray.CreateBuilder<ResolvedTarget>();
        foreach (var want in wanted.Select(want => want.Composed(repository?.ToString())))
        {
            targets.Add(new(want.Key, want.Workload, Containers(want, repository, problems)) { Layouts = want.Layouts, Recreate = want.Recreate });
        }

        return new(repository, targets.ToImmutable(), problems.ToImmutable());
    }

    /// <summary>A workload, before its containers are chosen. <see cref="Named"/> is empty where the spec names none.</summary>
    private sealed record Want(string Field, WorkloadKey Key, WorkloadSnapshot? Workload, ImmutableArray<string> Named)
    {
        public ImmutableArray<ImageLayout> Layouts { get; init; } = [];

        public string? Recreate { get; init; }

        /// <summary>With the images of a custom object, which lie about in its fields, in the form of containers.</summary>
        public Want Composed(string? repository) => Layouts.IsEmpty || Workload?.Custom is not { } custom
            ? this
            : this with { Workload = Workload with { Containers = [.. Layouts.Select(layout => layout.Compose(custom, repository))] } };

        public IEnumerable<ContainerImage> Live => (Workload?.Containers ?? []).Where(container => !container.Abandoned);
    }

    /// <summary>A workload that several targets mean is one target, at the first's place, with what each of them names.</summary>
    private static ImmutableArray<Want> Wanted(
        string @namespace,
        DeliverySpec spec,
        IReadOnlyDictionary<WorkloadKey, WorkloadSnapshot> workloads,
        IReadOnlyDictionary<string, string>? unfollowed,
        ImmutableArray<TargetProblem>.Builder problems)
    {
        if (spec.Targets is null or { Count: 0 })
        {
            problems.Add(Problem(TargetProblems.InvalidTarget, "spec.targets: is empty; name at least one workload"));
            return [];
        }

        return
        [
            .. spec.Targets.Index()
                .SelectMany(entry => Wanted(@namespace, $"spec.targets[{entry.Index}]", entry.Item, workloads, unfollowed, problems))
                .GroupBy(want => want.Key)
                .Select(same => same.First() with
                {
                    Named = same.Any(want => want.Named.IsEmpty) ? [] : [.. same.SelectMany(want => want.Named).Distinct()],
                    Layouts = [.. same.SelectMany(want => want.Layouts).DistinctBy(layout => layout.Name)],
                })
                .Select(want => want.Composed(spec.Source?.Repository)),
        ];
    }

    private static Want[] Wanted(
        string @namespace,
        string field,
        Target target,
        IReadOnlyDictionary<WorkloadKey, WorkloadSnapshot> workloads,
        IReadOnlyDictionary<string, string>? unfollowed,
        ImmutableArray<TargetProblem>.Builder problems)
    {
        if (!TargetKind.TryRead(field, target, out var read, out var unread))
        {
            problems.Add(Problem(unread.Field == $"{field}.kind" ? TargetProblems.UnsupportedKind : TargetProblems.InvalidTarget, $"{unread}"));
            return [];
        }

        if (Misfit(target, read.Known) is { } misfit)
        {
            problems.Add(Problem(TargetProblems.InvalidTarget, $"{field}{misfit}"));
            return [];
        }

        var kind = read.Name;
        if (unfollowed?.GetValueOrDefault(kind) is { } why)
        {
            problems.Add(Problem(TargetProblems.KindNotFollowed, $"{field}: {why}"));
            return [];
        }

        Want Wanting(WorkloadKey key, WorkloadSnapshot? workload) => new(field, key, workload, [.. (target.Containers ?? []).Distinct()])
        {
            Layouts = read.Layout is { } layout ? [layout] : [],
            Recreate = target.Recreate,
        };
        if (!string.IsNullOrEmpty(target.Name))
        {
            var key = new WorkloadKey(kind, @namespace, target.Name);
            return [Wanting(key, workloads.GetValueOrDefault(key))];
        }

        Want[] selected =
        [
            .. from workload in workloads.Values
               where workload.Key.Kind == kind && workload.Key.Namespace == @namespace && LabelSelectors.Matches(target.Selector, workload.Labels)
               orderby workload.Key.Name
               select Wanting(workload.Key, workload),
        ];
        if (selected.Length == 0)
        {
            var labels = LabelSelectors.ToQuery(target.Selector!);
            problems.Add(Problem(TargetProblems.NothingSelected, $"{field}.selector: no {kind} in {@namespace} has the labels {labels}"));
        }

        return selected;
    }

    /// <summary>What is wrong with the target as it is written, beginning with the rest of the field's path; null when nothing is.</summary>
    private static string? Misfit(Target target, WorkloadKind? kind) => (target.Name, target.Selector) switch
    {
        _ when kind is not null && !string.IsNullOrEmpty(target.ApiVersion) && !kind.ApiVersions.Contains(target.ApiVersion) =>
            $".apiVersion: {target.ApiVersion} has no {kind.Name} that Slipway knows; leave it out, or write {string.Join(" or ", kind.ApiVersions)}",
        (null or "", null) => ": has neither name nor selector; write one of them",
        (not (null or ""), { } selector) when !LabelSelectors.IsEmpty(selector) => ": has both name and selector; write one of them",

        // It would take every workload of the namespace, which is more likely a slip than a wish.
        (null or "", { } selector) when LabelSelectors.IsEmpty(selector) => ".selector: is empty and would match everything; write at least one label",
        (null or "", { } selector) when LabelSelectors.Problem(selector) is { } problem => $".selector.{problem}",
        _ => null,
    };

    private static RepositoryName? RepositoryOf(string? given, ImmutableArray<Want> wanted, ImmutableArray<TargetProblem>.Builder problems)
    {
        if (!string.IsNullOrEmpty(given))
        {
            if (!RepositoryName.TryParse(given, out var named, out var error))
            {
                problems.Add(Problem(TargetProblems.InvalidRepository, $"spec.source.repository: {error}"));
            }

            return named;
        }

        var first = wanted.FirstOrDefault(want => want.Workload is not null);
        var image = first?.Live.FirstOrDefault(container => first.Named.IsEmpty ? !container.Init : first.Named.Contains(container.Container))?.Image;
        if (RepositoryOf(image) is { } repository)
        {
            return repository;
        }

        var why = image is null ? "no target exists that would tell it" : $"{first!.Key} runs '{image}', which is no image";
        problems.Add(Problem(TargetProblems.RepositoryUnknown, $"spec.source.repository: is not given, and {why}; write it"));
        return null;
    }

    private static ImmutableArray<string> Containers(Want want, RepositoryName? repository, ImmutableArray<TargetProblem>.Builder problems)
    {
        if (want.Workload is null)
        {
            problems.Add(Problem(TargetProblems.TargetNotFound, $"{want.Field}: {want.Key} does not exist"));
            return want.Layouts.IsEmpty ? want.Named : [.. want.Layouts.Select(layout => layout.Name)];
        }

        if (want.Workload.Progress.Vanishes)
        {
            problems.Add(Problem(
                TargetProblems.JobVanishes,
                $"{want.Field}: {want.Key} has ttlSecondsAfterFinished, by which it is deleted with all that it would be created anew from; take that field out"));
        }

        if (!want.Layouts.IsEmpty)
        {
            var lost = want.Layouts.SelectMany(layout => layout.Fields).Select(field => want.Workload.Custom?.Fields.GetValueOrDefault($"{field.Path}")?.Problem);
            problems.AddRange(lost.OfType<string>().Select(problem => Problem(TargetProblems.ImagePathNotFound, $"{want.Field}.imagePaths: {want.Key} {problem}")));
            return [.. want.Layouts.Select(layout => layout.Name)];
        }

        var unknown = want.Named.Where(name => want.Live.All(container => container.Container != name)).ToImmutableArray();
        if (!unknown.IsEmpty)
        {
            var known = string.Join(", ", want.Live.Select(container => container.Container));
            problems.Add(Problem(
                TargetProblems.ContainerNotFound,
                $"{want.Field}.containers: {want.Key} has no container {string.Join(", ", unknown)}; it has {known}"));
        }

        if (!want.Named.IsEmpty || repository is null)
        {
            return want.Named.RemoveRange(unknown);
        }

        ImmutableArray<string> inRepository =
            [.. want.Live.Where(container => RepositoryOf(container.Image) == repository).Select(container => container.Container)];
        if (inRepository.IsEmpty)
        {
            var found = string.Join(", ", want.Live.Select(container => $"{container.Container} has {container.Image}"));
            problems.Add(Problem(
                TargetProblems.NoContainerInRepository,
                $"{want.Field}: no container of {want.Key} has an image of {repository}; name the containers to update, or change spec.source.repository; "
                + $"found: {found}"));
        }

        return inRepository;
    }

    // Names of containers and images are the user's, of any number: a status has room for the first of them.
    private static TargetProblem Problem(string reason, string message) => new(reason, BoundedText.Of(message, limit: 800));

    private static RepositoryName? RepositoryOf(string? image) => ImageReference.TryParse(image, out var reference, out _) ? reference.Repository : null;
}
