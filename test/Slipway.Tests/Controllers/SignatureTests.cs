using System.Text.Json.Nodes;
using Slipway.Api;
using Slipway.Conditions;
using Slipway.Kube;
using Slipway.Sandbox.Registry;
using Slipway.Signatures;
using Slipway.Tests.Signatures;

namespace Slipway.Tests.Controllers;

/// <summary>The attack list, against the whole controller: each attack is held with its own reason, and not one write goes to the workload.</summary>
public sealed class SignatureTests
{
    private static readonly SigningKey Key = Evidence.Key;
    private static readonly SigningKey Stranger = Evidence.Stranger;

    private static int s_requests;

    /// <summary>What an attacker, or a mistake, has put beside the image with this digest.</summary>
    private delegate void Attack(Cosign beside, string name, string digest);

    private static readonly Dictionary<string, (string Reason, Attack Do)> Attacks = new()
    {
        ["no signature, or one that was stripped"] = (Reasons.SignatureMissing, (_, _, _) => { }),
        ["a payload for another digest"] = (Reasons.SignatureForOtherDigest, (beside, name, digest) => beside.Sign(digest, Evidence.Payload(Evidence.Other, name), Key)),
        ["the signature of another image, under the tag of this one's"] = (Reasons.SignatureForOtherDigest, (beside, name, digest) =>
            beside.Put(Cosign.TagOf(digest), null, null, Cosign.Signed(Evidence.Payload(Evidence.Other, $"{name}:1.0.0"), Key))),
        ["a payload for another repository"] = (Reasons.SignatureForOtherRepository, (beside, name, digest) => beside.Sign(digest, Evidence.Payload(digest, $"{name}2"), Key)),
        ["the signature of another tag on this digest"] = (Reasons.SignatureForOtherTag, (beside, name, digest) => beside.Sign(digest, Evidence.Payload(digest, $"{name}:0.9.0"), Key)),
        ["the wrong key"] = (Reasons.SignatureInvalid, (beside, name, digest) => beside.Sign(digest, Evidence.Payload(digest, name), Stranger)),
        ["an algorithm other than the key's"] = (Reasons.SignatureInvalid, (beside, name, digest) =>
            beside.Sign(digest, Evidence.Payload(digest, name), SigningKey.Named("rsa", SigningKey.Rsa2048))),
        ["a truncated payload"] = (Reasons.SignatureInvalid, (beside, name, digest) =>
            beside.Put(Cosign.TagOf(digest), null, null, Cosign.Signed(Evidence.Payload(digest, name), Key) with { Payload = Evidence.Payload(digest, name)[..^5] })),
        ["a payload of a megabyte"] = (Reasons.SignatureUnreadable, (beside, name, digest) =>
            beside.Sign(digest, [.. Evidence.Payload(digest, name), .. new byte[1 << 20].Select(_ => (byte)' ')], Key)),
        ["a payload of a megabyte that calls itself small"] = (Reasons.SignatureUnreadable, (beside, name, digest) =>
            beside.Put(Cosign.TagOf(digest), null, null, Cosign.Signed([.. Evidence.Payload(digest, name), .. new byte[1 << 20].Select(_ => (byte)' ')], Key) with { Size = 300 })),
        ["a signature that is no base64"] = (Reasons.SignatureUnreadable, (beside, name, digest) =>
            beside.Put(Cosign.TagOf(digest), null, null, new Cosign.Layer(Evidence.Payload(digest, name), "%%%"))),
        ["a thousand signatures by others"] = (Reasons.SignatureInvalid, (beside, name, digest) =>
            beside.Put(Cosign.TagOf(digest), null, null, [.. Enumerable.Repeat(Cosign.Signed(Evidence.Payload(digest, name), Stranger), 1000)])),
        ["an attestation by the key in place of a signature"] = (Reasons.SignatureMissing, (beside, _, digest) =>
            beside.Bundle(digest, Evidence.EnvelopeBytes(Evidence.Statement(Evidence.Provenance, digest), Key, bundle: true))),
        ["a bundle about another digest"] = (Reasons.SignatureForOtherDigest, (beside, _, digest) =>
            beside.Bundle(digest, Evidence.EnvelopeBytes(Evidence.Statement(InTotoStatement.SignaturePredicate, Evidence.Other), Key, bundle: true))),
    };

    public static TheoryData<string> AttackList => [.. Attacks.Keys];

    private static string Verify(string? more = null) =>
        $$$"""{"follow":{"semver":{}},"interval":"1s","verify":{"keys":[{"pem":{{{JsonValue.Create(Key.PublicPem).ToJsonString()}}}}]{{{more}}}}}""";

    // 1.0.0 runs, and was taken over as it was.
    private static async Task<(ControllerWorld World, string Name, Cosign Beside)> RunningAsync(string source, bool controller = true)
    {
        var world = await ControllerWorld.StartAsync(controller: controller);
        await world.PushAsync("1.0.0");
        await world.ApplyWorkloadAsync(ResourceTypes.Deployments, "1.0.0", replicas: 1);
        await world.DeliverAsync(source: source);
        if (controller)
        {
            await world.EndsAsync(1, "Succeeded");
        }

        return (world, $"{world.Sandbox.Registry.Address}/acme/shop", new Cosign(world.Sandbox.Registry.Content));
    }

    private static Task<HeldStatus> HeldAsync(ControllerWorld world, string reason) => world.UntilAsync(
        $"held for {reason}", async () => (await world.DeliveryAsync()).Status?.Held is { } held && held.Reason == reason ? held : null);

    private static BuiltImage Next(string build = "2") => new ImageBuilder().WithLabel("build", build).Build();

    private static Task LookAgainAsync(ControllerWorld world) => world.AnnotateAsync(ApiNames.CheckAnnotation, $"request {Interlocked.Increment(ref s_requests)}");

    [Theory]
    [MemberData(nameof(AttackList))]
    public async Task An_attack_is_held_with_its_own_reason_and_nothing_is_written(string attack)
    {
        var (world, name, beside) = await RunningAsync(Verify());
        await using var _ = world;
        var before = await world.Any(ResourceTypes.Deployments).GetAsync(new ObjectKey("default", "shop"), TestContext.Current.CancellationToken);
        var image = Next();
        Attacks[attack].Do(beside, name, image.Digest);
        world.Sandbox.Registry.Log.Clear();

        await world.Sandbox.PushAsync("acme/shop", image, TestContext.Current.CancellationToken, "1.1.0");

        var held = await HeldAsync(world, Attacks[attack].Reason);
        Assert.StartsWith("1.1.0: ", held.Message, StringComparison.Ordinal);
        Assert.Contains("spec.source.verify", held.Message, StringComparison.Ordinal);
        Assert.Single(await world.HistoryAsync());
        var after = await world.Any(ResourceTypes.Deployments).GetAsync(new ObjectKey("default", "shop"), TestContext.Current.CancellationToken);
        Assert.Equal(before!.Value["metadata"]!["generation"]!.GetValue<long>(), after!.Value["metadata"]!["generation"]!.GetValue<long>());
        Assert.True(world.Sandbox.Registry.Log.Count(RequestKind.Blob) < 10, $"{world.Sandbox.Registry.Log.Count(RequestKind.Blob)} blobs were read");

        // What runs is as good as before.
        Assert.Equal("True", (await world.DeliveryAsync()).Status!.Conditions!.Single(condition => condition.Type == "Ready").Status);

        // A good signature beside the bad ones ends it.
        beside.Sign(image.Digest, Evidence.Payload(image.Digest, name), Key);
        await LookAgainAsync(world);
        await world.EndsAsync(2, "Succeeded");
        Assert.EndsWith(image.Digest, await world.ImageAsync(ResourceTypes.Deployments), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_signature_whose_bytes_are_not_those_of_its_digest_is_refused()
    {
        var (world, name, beside) = await RunningAsync(Verify());
        await using var _ = world;
        var image = Next();
        beside.Sign(image.Digest, Evidence.Payload(image.Digest, name), Key);

        // The first blob is the image's own config.
        world.Sandbox.Registry.Faults.Add(new RegistryFault.WrongBytes(), new FaultMatch(RequestKind.Blob, "acme/shop", "GET") { After = 1 });
        await world.Sandbox.PushAsync("acme/shop", image, TestContext.Current.CancellationToken, "1.1.0");

        Assert.Contains("do not trust this registry", (await HeldAsync(world, Reasons.SignatureUnreadable)).Message, StringComparison.Ordinal);
        Assert.Single(await world.HistoryAsync());

        world.Sandbox.Registry.Faults.Clear();
        await LookAgainAsync(world);
        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_leaves_the_question_open_and_is_asked_again()
    {
        var (world, name, beside) = await RunningAsync(Verify());
        await using var _ = world;
        var image = Next();
        beside.Sign(image.Digest, Evidence.Payload(image.Digest, name), Key);
        world.Sandbox.Registry.Faults.Add(new RegistryFault.Unauthorized(), new FaultMatch(RequestKind.Blob, "acme/shop", "GET") { After = 1 });

        await world.Sandbox.PushAsync("acme/shop", image, TestContext.Current.CancellationToken, "1.1.0");

        Assert.Contains("it is tried again", (await HeldAsync(world, Reasons.VerificationUnavailable)).Message, StringComparison.Ordinal);
        world.Sandbox.Registry.Faults.Clear();
        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task A_signature_that_comes_after_its_image_is_found_by_the_hint_of_its_push()
    {
        var (world, name, beside) = await RunningAsync(Verify());
        await using var _ = world;
        var digest = await world.PushAsync("1.1.0");
        await HeldAsync(world, Reasons.SignatureMissing);

        beside.Sign(digest, Evidence.Payload(digest, name), Key);
        world.Controller!.Hint(Evidence.Repository(name));

        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task An_image_for_several_platforms_is_signed_by_its_index_and_a_signature_of_one_platform_is_none()
    {
        var (world, name, beside) = await RunningAsync(Verify());
        await using var _ = world;
        var (amd, arm) = (Next(), (new ImageBuilder() { Platform = new("linux", "arm64") }).Build());
        var index = BuiltImage.Index(amd, arm);
        beside.Sign(amd.Digest, Evidence.Payload(amd.Digest, name), Key);
        await world.Sandbox.PushAsync("acme/shop", index, TestContext.Current.CancellationToken, "1.1.0");
        await HeldAsync(world, Reasons.SignatureMissing);

        beside.Sign(index.Digest, Evidence.Payload(index.Digest, name), Key);
        await LookAgainAsync(world);

        Assert.Equal(index.Digest, (await world.EndsAsync(2, "Succeeded")).Spec.Digest);
    }

    [Fact]
    public async Task Keys_come_from_a_ConfigMap_or_a_Secret_of_the_Deliverys_namespace_and_a_damaged_one_holds()
    {
        var (world, name, beside) = await RunningAsync(
            """{"follow":{"semver":{}},"interval":"1s","verify":{"keys":[{"configMapKeyRef":{"name":"keys","key":"a.pub"}},{"secretKeyRef":{"name":"more","key":"b.pub"}}]}}""");
        await using var _ = world;
        var digest = await world.PushAsync("1.1.0");
        Assert.Contains("ConfigMap default/keys, entry a.pub: it does not exist", (await HeldAsync(world, Reasons.KeyUnusable)).Message, StringComparison.Ordinal);

        await PutAsync(world, ResourceTypes.ConfigMaps, "keys", new JsonObject { ["a.pub"] = Stranger.PublicPem });
        await PutAsync(world, ResourceTypes.Secrets, "more", new JsonObject { ["b.pub"] = Convert.ToBase64String("garbage"u8) });
        await LookAgainAsync(world);
        var held = await world.UntilAsync("the secret is complained of", async () => (await HeldAsync(world, Reasons.KeyUnusable)) is { } now && now.Message.Contains("Secret", StringComparison.Ordinal) ? now : null);
        Assert.Contains("Secret default/more, entry b.pub: it holds no key", held.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("garbage", held.Message, StringComparison.Ordinal);
        Assert.Single(await world.HistoryAsync());

        await PutAsync(world, ResourceTypes.Secrets, "more", new JsonObject { ["b.pub"] = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(Key.PublicPem)) });
        beside.Sign(digest, Evidence.Payload(digest, name), Key);
        await world.AnnotateAsync(ApiNames.CheckAnnotation, "once more");
        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task An_attestation_that_is_required_must_be_there_too()
    {
        var (world, name, beside) = await RunningAsync(Verify($$""","attestations":[{"predicateType":"{{Evidence.Provenance}}"}]"""));
        await using var _ = world;
        var image = Next();
        beside.Sign(image.Digest, Evidence.Payload(image.Digest, name), Key);
        await world.Sandbox.PushAsync("acme/shop", image, TestContext.Current.CancellationToken, "1.1.0");
        Assert.Contains(Evidence.Provenance, (await HeldAsync(world, Reasons.AttestationMissing)).Message, StringComparison.Ordinal);

        beside.Put(
            Cosign.TagOf(image.Digest).Replace(".sig", ".att", StringComparison.Ordinal), null, null,
            new Cosign.Layer(Evidence.EnvelopeBytes(Evidence.Statement(Evidence.Provenance, image.Digest), Key), MediaType: DsseEnvelope.MediaType));
        await LookAgainAsync(world);

        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task What_the_cluster_requires_no_Delivery_takes_away()
    {
        var (world, name, beside) = await RunningAsync(Verify(), controller: false);
        await using var _ = world;
        var host = name.Split('/')[0];
        Assert.True(RepositoryPattern.TryParse($"{host}/acme/**", out var pattern, out var why), why);
        var rule = new SignatureRule($"the image policy for {pattern}", [new KeySource.Given("", [Stranger.Public!])], [], null);
        world.StartController(policies: [new ImagePolicy([pattern], rule)]);
        await world.EndsAsync(1, "Succeeded");
        var payload = Evidence.Payload;
        var image = Next();
        beside.Sign(image.Digest, payload(image.Digest, name, "cosign container image signature"), Key);

        await world.Sandbox.PushAsync("acme/shop", image, TestContext.Current.CancellationToken, "1.1.0");
        Assert.Contains($"the image policy for {host}/acme/**", (await HeldAsync(world, Reasons.SignatureInvalid)).Message, StringComparison.Ordinal);

        // A tenant that requires nothing, or accepts its own key only, changes nothing about that.
        await world.DeliverAsync(source: """{"follow":{"semver":{}},"interval":"1s","verify":null}""");
        await LookAgainAsync(world);
        await HeldAsync(world, Reasons.SignatureInvalid);
        Assert.Single(await world.HistoryAsync());

        var signed = payload(image.Digest, name, "cosign container image signature");
        beside.Put(Cosign.TagOf(image.Digest), null, null, Cosign.Signed(signed, Key), Cosign.Signed(signed, Stranger));
        await world.AnnotateAsync(ApiNames.CheckAnnotation, "once more");
        await world.EndsAsync(2, "Succeeded");
    }

    [Fact]
    public async Task A_rollback_by_hand_to_an_unsigned_version_that_ran_goes_through_and_the_way_forth_is_verified()
    {
        var (world, name, beside) = await RunningAsync(Verify());
        await using var _ = world;
        var digest = await world.PushAsync("1.1.0");
        beside.Sign(digest, Evidence.Payload(digest, name), Key);
        await LookAgainAsync(world);
        await world.EndsAsync(2, "Succeeded");

        await world.AnnotateAsync(ApiNames.RollbackAnnotation, "2026-01-01T00:00:00Z by ann");

        Assert.Equal("1.0.0", (await world.EndsAsync(3, "Succeeded")).Spec.Tag);
    }

    private static Task PutAsync(ControllerWorld world, ResourceType type, string name, JsonObject data) => world.ApplyAsync(type, name, new JsonObject { ["data"] = data });
}
