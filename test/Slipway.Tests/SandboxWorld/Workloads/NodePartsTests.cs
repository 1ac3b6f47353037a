using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Workloads;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Tests.SandboxWorld.Workloads;

public sealed class NodePartsTests
{
    [Theory]
    [InlineData("shop", "docker.io/library/shop:latest")]
    [InlineData("acme/shop:1.0", "docker.io/acme/shop:1.0")]
    [InlineData("ghcr.io/acme/shop", "ghcr.io/acme/shop:latest")]
    [InlineData("127.0.0.1:5000/shop:1.0", "127.0.0.1:5000/shop:1.0")]
    [InlineData("localhost/shop", "localhost/shop:latest")]
    [InlineData("r:5000/shop@sha256:0123456789012345678901234567890123456789012345678901234567890123", "r:5000/shop@sha256:0123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("r.io/shop:1@sha256:0123456789012345678901234567890123456789012345678901234567890123", "r.io/shop:1@sha256:0123456789012345678901234567890123456789012345678901234567890123")]
    [InlineData("", null)]
    [InlineData("shop:", null)]
    [InlineData("Shop", null)]
    [InlineData("shop@sha256:12", null)]
    [InlineData("a b", null)]
    public void An_image_reference_is_read_as_containerd_reads_it(string text, string? expected) => Assert.Equal(expected, ImageReference.TryParse(text)?.ToString());

    [Theory]
    [InlineData("300ms", 0.3)]
    [InlineData("5s", 5)]
    [InlineData("1m30s", 90)]
    [InlineData("1.5h", 5400)]
    [InlineData("0s", 0)]
    public void Durations_are_written_as_in_go(string text, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), ImageBehaviour.Duration(text));

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("99999999999s")]
    [InlineData(null)]
    public void What_is_no_duration_is_as_if_it_were_not_there(string? text) => Assert.Null(ImageBehaviour.Duration(text));

    [Theory]
    [InlineData("exit 3", null, 3, 0)]
    [InlineData("3", null, 3, 0)]
    [InlineData("yes", null, 1, 0)]
    [InlineData("exit 2", "5s", 2, 5)]
    [InlineData(null, "5s", 1, 5)]
    public void A_crash_has_a_code_and_a_time(string? crash, string? after, int code, double seconds)
    {
        var behaviour = ImageBehaviour.Of(new Dictionary<string, string?> { [ImageBehaviour.CrashLabel] = crash, [ImageBehaviour.CrashAfterLabel] = after }
            .Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value!));

        Assert.Equal((code, TimeSpan.FromSeconds(seconds)), (behaviour.CrashCode, behaviour.CrashAfter));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 160)]
    [InlineData(6, 300)]
    [InlineData(1000, 300)]
    public void Pauses_double_up_to_five_minutes(int failures, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), ContainerMachine.Pause(failures, new NodeTimings()));

    [Fact]
    public void A_container_that_ran_for_long_starts_over_with_the_first_pause()
    {
        var noon = new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
        var image = new PulledImage("x", "amd64", new Dictionary<string, string> { [ImageBehaviour.CrashAfterLabel] = "11m" }.ToImmutableDictionary());
        var role = new ContainerRole(Once: false, RestartsOnFailure: true, RestartsOnSuccess: true, "amd64");

        var after = ContainerMachine.Advance(new ContainerState.Running(image, noon, new Run(Restarts: 7, Crashes: 5)), role, new NodeTimings(), noon.AddMinutes(11));

        var starting = Assert.IsType<ContainerState.Starting>(after);
        Assert.Equal((8, 1), (starting.Run.Restarts, starting.Run.Crashes));
    }

    [Theory]
    [InlineData("""{"a":1,"b":{"c":[1,2]}}""", """{"b":{"c":[1,2]},"a":1}""", true)]
    [InlineData("""{"a":1,"b":{}}""", """{"a":1,"c":null,"d":[]}""", true)]
    [InlineData("""{"a":1}""", """{"a":2}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    [InlineData("""{"ab":"c"}""", """{"a":"bc"}""", false)]
    public void Templates_that_say_the_same_have_the_same_hash(string left, string right, bool same) =>
        Assert.Equal(same, PodTemplate.Hash(JsonNode.Parse(left)) == PodTemplate.Hash(JsonNode.Parse(right)));

    [Theory]
    [InlineData("""{"matchLabels":{"app":"shop"}}""", true)]
    [InlineData("""{"matchLabels":{"app":"shop","tier":"web"}}""", false)]
    [InlineData("""{"matchExpressions":[{"key":"app","operator":"In","values":["shop"]},{"key":"tier","operator":"DoesNotExist"}]}""", true)]
    [InlineData("{}", true)]
    [InlineData(null, false)]
    public void Selectors_match_labels(string? selector, bool matches) => Assert.Equal(matches, LabelSelectors.Matches(
        selector is null ? null : JsonNode.Parse(selector)!.AsObject(), JsonNode.Parse("""{"metadata":{"labels":{"app":"shop"}}}""")!.AsObject()));
}
