using System.Text.Json;

namespace Slipway.Webhooks.Payloads;

/// <summary>
/// Amazon ECR by an EventBridge rule with an API destination (Amazon ECR User Guide, "Amazon ECR events and EventBridge": ECR Image Action).
/// </summary>
public static class EcrPayload
{
    public static PayloadReading Parse(WebhookRequest _, JsonElement body)
    {
        if (body.Text("source") is not "aws.ecr" || body.At("detail") is not { } detail)
        {
            return new PayloadReading.Refused("this is no event of aws.ecr; let the rule match the source aws.ecr, and the target pass the event as it is");
        }

        if (body.Text("detail-type") is not "ECR Image Action" || detail.Text("action-type") is not "PUSH" || detail.Text("result") is not "SUCCESS")
        {
            return new PayloadReading.Ignored("this is no push that succeeded");
        }

        return ArtifactKind.NoImage(detail.Text("artifact-media-type"))
            ?? HintText.One(RegistryOf(body.Text("account"), body.Text("region")), detail.Text("repository-name"), detail.Text("image-tag"), detail.Text("image-digest"));
    }

    /// <summary>The host of an account's registry in a region; null where either is none.</summary>
    public static string? RegistryOf(string? account, string? region) =>
        account is { Length: 12 } && !account.AsSpan().ContainsAnyExceptInRange('0', '9')
        && region is { Length: > 0 and <= 32 } && region.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-')
            ? $"{account}.dkr.ecr.{region}.{Domain(region)}"
            : null;

    /// <summary>Of <c>urn:aws:ecr:REGION:ACCOUNT:repository/NAME</c> or the same as <c>arn:</c>; null for anything else.</summary>
    public static string? RegistryOfSource(string? source, string? registryId) =>
        source?.Split(':') is ["urn" or "arn", "aws" or "aws-cn" or "aws-us-gov" or "aws-iso" or "aws-iso-b", "ecr", var region, var account, _]
            ? RegistryOf(account.Length > 0 ? account : registryId, region)
            : null;

    // AWS Fault Isolation Boundaries, "Partitions": each has a DNS suffix of its own.
    private static string Domain(string region) => region.Split('-') switch
    {
        ["cn", ..] => "amazonaws.com.cn",
        ["us", "iso", ..] => "c2s.ic.gov",
        ["us", "isob", ..] => "sc2s.sgov.gov",
        _ => "amazonaws.com",
    };
}
