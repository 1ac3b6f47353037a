using Slipway.Tests.Tidy;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks.Receivers;

public sealed class ReceiverTypeTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "spec", "receivers.md"));

    [Fact]
    public void Every_type_stands_on_its_page() => Assert.All(ReceiverType.All.Keys, name => Assert.Contains($"| `{name}` |", Page, StringComparison.Ordinal));

    [Fact]
    public void Every_header_of_a_proof_stands_on_the_page() =>
        Assert.All(
            ReceiverType.All.Values.SelectMany(type => new[] { type.TokenHeader, type.Signature?.Header }).OfType<string>(),
            header => Assert.Contains($"`{header}", Page, StringComparison.Ordinal));

    [Fact]
    public void Only_who_can_send_nothing_else_has_its_secret_in_the_address() =>
        Assert.Equal(["aliyun", "dockerhub", "quay"], ReceiverType.All.Values.Where(type => type.TokenInQuery).Select(type => type.Name).Order());

    [Fact]
    public void Every_type_has_a_proof_and_who_signs_says_how() =>
        Assert.All(ReceiverType.All.Values, type =>
        {
            Assert.NotEqual(ReceiverProofs.None, type.Proofs);
            Assert.Equal(type.Proofs.HasFlag(ReceiverProofs.Hmac), type.Signature is not null);
        });
}
