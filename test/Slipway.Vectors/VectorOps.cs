using System.Collections.Frozen;
using Slipway.Vectors.Ops;
using Slipway.Webhooks.Payloads;
using Slipway.Webhooks.Receivers;

namespace Slipway.Vectors;

/// <summary>
/// The ops that are understood, by file and op, because a word such as <c>select</c> or <c>parse</c> means another thing in each file.
/// A new one is a line here and a function in Ops/.
/// </summary>
public static class VectorOps
{
    public static readonly FrozenDictionary<string, VectorOp> All = new Dictionary<string, VectorOp>
    {
        ["analysis-conditions/expressions"] = CheckOps.Expressions,
        ["analysis-conditions/results"] = CheckOps.Conditions,
        ["analysis-metric-status/"] = CheckOps.MetricStatus,
        ["analysis-metric-status/severity"] = CheckOps.Severity,
        ["analysis-run/fastFail"] = CheckOps.FastFail,
        ["analysis-run/jobNames"] = CheckOps.JobName,
        ["analysis-run/runStatus"] = CheckOps.RunStatus,
        ["analysis-run/scheduling"] = CheckSpecOps.Schedule,
        ["analysis-validation/"] = CheckSpecOps.Validate,
        ["durations/strictPattern"] = CheckSpecOps.Duration,
        ["prometheus-responses/"] = CheckOps.PrometheusResponse,

        ["dockerconfig/convert-to-hostname"] = CredentialOps.HostName,
        ["dockerconfig/decode-auth"] = CredentialOps.DecodeAuth,
        ["dockerconfig/decode-config"] = CredentialOps.DecodeConfig,
        ["dockerconfig/decode-entry"] = CredentialOps.DecodeEntry,
        ["dockerconfig/helper-parse-url"] = CredentialOps.HelperAddress,
        ["dockerconfig/is-docker-hub"] = CredentialOps.IsDockerHub,
        ["dockerconfig/lookup"] = CredentialOps.Lookup,
        ["dockerconfig/lookup-all"] = CredentialOps.LookupAll,
        ["dockerconfig/url-glob-match"] = CredentialOps.GlobMatch,

        ["bluegreen-and-traffic/mayShiftTraffic"] = TrafficOps.MayShift,

        ["canary-dynamic-stable-scale/"] = ShareOps.Aborted,
        ["canary-replicas/"] = ShareOps.Replicas,
        ["canary-trajectories/"] = ShareOps.Trajectory,
        ["canary-weight-approximation/"] = ShareOps.Approximate,

        ["deployment-readiness/"] = DeploymentOps.Readiness,

        ["fenceposts/effective"] = DeploymentOps.Fenceposts,
        ["fenceposts/resolveFenceposts"] = DeploymentOps.Fenceposts,

        ["flagger-canary/phaseSequences"] = StepOps.Phases,
        ["flagger-canary/weightSequences"] = StepOps.Weights,

        ["fleet-waves-ocm/minRecheckAfter"] = PromotionOps.Recheck,
        ["fleet-waves-ocm/parseTimeout"] = PromotionOps.Deadline,

        ["httproute-weights/"] = TrafficOps.Route,

        ["image-reference/domain-grammar"] = ImageOps.DomainGrammar,
        ["image-reference/identifier-grammar"] = ImageOps.IdentifierGrammar,
        ["image-reference/name-grammar"] = ImageOps.NameGrammar,
        ["image-reference/normalize"] = ImageOps.Normalize,
        ["image-reference/parse-named-canonical"] = ImageOps.ParseCanonical,
        ["image-reference/parse-strict"] = ImageOps.ParseStrict,
        ["image-reference/pull-reference"] = ImageOps.PullReference,
        ["image-reference/reference-grammar"] = ImageOps.ReferenceGrammarOnly,
        ["image-reference/repository-field"] = ImageOps.RepositoryField,
        ["image-reference/same-repository"] = ImageOps.SameRepository,
        ["image-reference/split-strict"] = ImageOps.SplitStrict,
        ["image-reference/valid-name-strict"] = ImageOps.ValidName,
        ["image-reference/valid-tag"] = ImageOps.ValidTag,

        ["kargo-promotion/autoCandidates"] = PromotionOps.Candidates,
        ["kargo-promotion/availability"] = PromotionOps.IsAvailable,
        ["kargo-promotion/enterStage"] = PromotionOps.Enter,
        ["kargo-promotion/soak"] = PromotionOps.Soak,

        ["policy-alphabetical/select"] = PolicyOps.SelectAlphabetical,
        ["policy-alphabetical/sort-ascending"] = PolicyOps.SortAlphabetical,
        ["policy-alphabetical/top10-descending"] = PolicyOps.TopAlphabetical,
        ["policy-alphabetical/validate-order"] = PolicyOps.ValidateAlphabeticalOrder,

        ["policy-numerical/select"] = PolicyOps.SelectNumeric,
        ["policy-numerical/validate-order"] = PolicyOps.ValidateNumericOrder,

        ["platform/constraint"] = PlatformOps.Constraint,
        ["platform/parse"] = PlatformOps.Parse,
        ["platform/schedulable-platforms"] = PlatformOps.SchedulablePlatforms,

        ["policy-other/digest-select"] = OtherOps.DigestSelect,
        ["policy-other/glob-select"] = OtherOps.GlobSelect,
        ["policy-other/glob-should-update"] = OtherOps.GlobShouldUpdate,
        ["policy-other/newest-build-select"] = OtherOps.NewestSelect,
        ["policy-other/newest-build-sort"] = OtherOps.NewestSort,
        ["policy-other/same-image"] = OtherOps.SameImage,

        ["policy-regex/allow-ignore"] = FilterOps.AllowIgnore,
        ["policy-regex/exclude"] = FilterOps.Exclude,
        ["policy-regex/exclude-any"] = FilterOps.ExcludeAny,
        ["policy-regex/exclude-glob"] = OtherOps.ExcludeGlob,
        ["policy-regex/filter-extract"] = FilterOps.FilterExtract,
        ["policy-regex/generated-artifact-tag"] = FilterOps.GeneratedArtifactTag,
        ["policy-regex/include-any"] = OtherOps.IncludeAny,
        ["policy-regex/match"] = FilterOps.Match,
        ["policy-regex/redos"] = FilterOps.Redos,
        ["policy-regex/validate-pattern"] = FilterOps.ValidatePattern,

        ["policy-semver/eligible"] = PolicyOps.Eligible,
        ["policy-semver/parse-tag"] = VersionOps.ParseWhole,
        ["policy-semver/select"] = PolicyOps.SelectSemver,
        ["policy-semver/sort-ascending"] = PolicyOps.SortSemverAscending,
        ["policy-semver/sort-descending"] = PolicyOps.SortSemverDescending,
        ["policy-semver/validate-range"] = RangeOps.ValidateRange,

        ["progress-deadline/progressed"] = ProgressOps.HasProgressed,
        ["progress-deadline/timedOut"] = ProgressOps.TimedOut,

        ["progress-thresholds/allDesiredAvailable"] = ProgressOps.IsReached,
        ["progress-thresholds/progressThreshold"] = ProgressOps.IsReached,
        ["progress-thresholds/replicasUsableForScaleDown"] = ProgressOps.CountedOn,

        ["registry-cloud/parse"] = CloudOps.Parse,
        ["registry-cloud/registry-host"] = CloudOps.Host,

        ["registry-http/canonical-address"] = HttpOps.Canonical,
        ["registry-http/default-scheme"] = HttpOps.Scheme,
        ["registry-http/link-next"] = HttpOps.LinkNext,
        ["registry-http/ratelimit-limit-header"] = HttpOps.LimitHeader,
        ["registry-http/ratelimit-message"] = HttpOps.LimitMessage,
        ["registry-http/realm-host"] = HttpOps.RealmHost,
        ["registry-http/redirect"] = HttpOps.Redirect,
        ["registry-http/registry-address"] = HttpOps.Address,
        ["registry-http/retry-after-header"] = HttpOps.RetryAfter,
        ["registry-http/retryable"] = HttpOps.Retryable,
        ["registry-http/tag-pages"] = HttpOps.Pages,
        ["registry-http/token-realm"] = HttpOps.TokenRealm,
        ["registry-http/www-authenticate"] = HttpOps.Challenge,

        ["request-budget/scenario"] = RequestBudgetOps.Judge,

        ["schedule/activates"] = ScheduleOps.Activates,
        ["schedule/go-duration"] = ScheduleOps.GoDuration,
        ["schedule/next"] = ScheduleOps.Next,
        ["schedule/parse"] = ScheduleOps.Parse,

        ["semver-constraints/check"] = RangeOps.Check,
        ["semver-constraints/parse"] = RangeOps.Parse,
        ["semver-constraints/to-string"] = RangeOps.Text,

        ["semver-versions/compare"] = VersionOps.Compare,
        ["semver-versions/equal"] = VersionOps.Equal,
        ["semver-versions/greater"] = VersionOps.Greater,
        ["semver-versions/greater-equal"] = VersionOps.GreaterEqual,
        ["semver-versions/less"] = VersionOps.Less,
        ["semver-versions/less-equal"] = VersionOps.LessEqual,
        ["semver-versions/normalize-string"] = VersionOps.Text,
        ["semver-versions/parse-loose"] = VersionOps.ParseLoose,
        ["semver-versions/parse-strict"] = VersionOps.ParseStrict,
        ["semver-versions/sort-ascending"] = VersionOps.SortAscending,
        ["semver-versions/validate-metadata"] = VersionOps.ValidateMetadata,
        ["semver-versions/validate-prerelease"] = VersionOps.ValidatePrerelease,

        ["traffic-weight-to-replicas/"] = TrafficOps.WeightToReplicas,

        ["webhooks/acr/receive"] = WebhookOps.Receive(AzurePayload.Parse),
        ["webhooks/aliyun-acr/receive"] = WebhookOps.Receive(AliyunPayload.Parse),
        ["webhooks/artifactory/receive"] = WebhookOps.Receive(ArtifactoryPayload.Parse),
        ["webhooks/auth/authenticate"] = WebhookOps.Authenticate,
        ["webhooks/auth/hmac-artifactory"] = WebhookOps.Signed(SignatureScheme.Artifactory),
        ["webhooks/auth/hmac-generic"] = WebhookOps.Signed(SignatureScheme.Generic),
        ["webhooks/auth/hmac-nexus"] = WebhookOps.Signed(SignatureScheme.Nexus),
        ["webhooks/auth/hmac-sha256"] = WebhookOps.Signed(SignatureScheme.GitHub),
        ["webhooks/cdevents/receive"] = WebhookOps.Receive(CDEventsPayload.Parse),
        ["webhooks/cloudevents/ecr-registry-from-source"] = WebhookOps.EcrRegistryOfSource,
        ["webhooks/cloudevents/receive"] = WebhookOps.Receive(CloudEventsPayload.Parse),
        ["webhooks/cloudevents/registry-from-source"] = WebhookOps.RegistryOfSource,
        ["webhooks/distribution/receive"] = WebhookOps.Receive(DistributionPayload.Parse),
        ["webhooks/dockerhub/receive"] = WebhookOps.Receive(DockerHubPayload.Parse),
        ["webhooks/ecr-eventbridge/receive"] = WebhookOps.Receive(EcrPayload.Parse),
        ["webhooks/gcr-pubsub/receive"] = WebhookOps.Receive(PubSubPayload.Parse),
        ["webhooks/generic/receive"] = WebhookOps.Receive(GenericPayload.Parse),
        ["webhooks/ghcr/receive"] = WebhookOps.Receive(GitHubPayload.Parse),
        ["webhooks/harbor/receive"] = WebhookOps.Receive(HarborPayload.Parse),
        ["webhooks/nexus/receive"] = WebhookOps.Receive(NexusPayload.Parse),
        ["webhooks/quay/receive"] = WebhookOps.Receive(QuayPayload.Parse),
        ["webhooks/quay/registry-from-docker-url"] = WebhookOps.RegistryOfDockerUrl,
    }.ToFrozenDictionary();

    /// <summary>A peer's error message in an expectation; ours say the same in other words.</summary>
    public static readonly FrozenSet<string> PeersWords =
        new[]
        {
            "schedule/parse:messageContains", "semver-constraints/check:reason", "analysis-conditions/results:errorContains", "analysis-run/jobNames:name",
            "deployment-readiness/:messageContains", "fleet-waves-ocm/parseTimeout:secondsUpstream",

            // One of many ways between the same bounds, which the op holds ours to.
            "canary-trajectories/:trajectoryStableCanary",
        }.ToFrozenSet();
}
