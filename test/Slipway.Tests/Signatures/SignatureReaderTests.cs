using Slipway.Conditions;
using Slipway.Images;
using Slipway.Registry;
using Slipway.Registry.Signatures;
using Slipway.Sandbox.Registry;
using Slipway.Signatures;

namespace Slipway.Tests.Signatures;

/// <summary>Where signatures are found, what that costs, and what stands in the way, over real HTTP.</summary>
public sealed class SignatureReaderTests
{
    private static readonly BuiltImage Image = new ImageBuilder().WithLabel("build", "signed").Build();

    private sealed class Shelf(SandboxRegistry registry) : IAsyncDisposable
    {
        private readonly RegistryClient _client = new(new RegistryOptions { RequestTimeout = TimeSpan.FromSeconds(2) }, TimeProvider.System, () => 0.5);

        public SandboxRegistry Registry { get; } = registry;

        public Cosign Beside { get; } = new(registry.Content);

        public RepositoryName Repository { get; } = new(registry.Address, "acme/shop");

        public byte[] Payload => Evidence.Payload(Image.Digest, $"{Repository}");

        public static async Task<Shelf> StartAsync(SandboxRegistryOptions? options = null)
        {
            var shelf = new Shelf(await SandboxRegistry.StartAsync(options ?? new(), TestContext.Current.CancellationToken));
            shelf.Registry.Content.PutBlob("acme/shop", "{}"u8.ToArray());
            return shelf;
        }

        public async Task<Verification> AskAsync(params string[] predicates)
        {
            var question = new SignatureQuestion(Repository, Image.Digest, ["1.1.0"], [Evidence.Requires(Evidence.Key) with { PredicateTypes = [.. predicates] }]);
            var session = new RepositorySession(_client, new FactsCache(), Repository, CredentialChain.Anonymous);
            return (await new SignatureReader(session, question).AnswerAsync(TestContext.Current.CancellationToken)).Verification;
        }

        public async Task<Verification.Refused> RefusesAsync(string reason, params string[] predicates)
        {
            var refused = Assert.IsType<Verification.Refused>(await AskAsync(predicates));
            Assert.True(reason == refused.Reason, $"{refused}");
            return refused;
        }

        public string Asked() => string.Join(", ", Registry.Log.Requests.Select(request => $"{request.Method} {request.Kind} {request.Status}"));

        public static byte[] Signed(string predicate = InTotoStatement.SignaturePredicate, bool bundle = true) =>
            Evidence.EnvelopeBytes(Evidence.Statement(predicate, Image.Digest), Evidence.Key, bundle);

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            await Registry.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_signature_under_cosigns_tag_costs_three_requests()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Sign(Image.Digest, shelf.Payload, Evidence.Key);

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
        Assert.Equal("HEAD Manifest 200, GET Manifest 200, GET Blob 200", shelf.Asked());
    }

    [Fact]
    public async Task No_signature_costs_two_requests_where_referrers_are_known_and_three_where_they_are_not()
    {
        await using var knows = await Shelf.StartAsync();
        await using var not = await Shelf.StartAsync(new SandboxRegistryOptions { ReferrersApi = false });

        await knows.RefusesAsync(Reasons.SignatureMissing);
        await not.RefusesAsync(Reasons.SignatureMissing);

        Assert.Equal("HEAD Manifest 404, GET Referrers 200", knows.Asked());
        Assert.Equal("HEAD Manifest 404, GET Referrers 404, HEAD Manifest 404", not.Asked());
    }

    [Theory]
    [InlineData("application/vnd.dev.sigstore.bundle.v0.3+json")]
    [InlineData("application/vnd.dev.sigstore.bundle+json;version=0.2")]
    public async Task A_bundle_is_found_among_the_referrers(string type)
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Bundle(Image.Digest, Shelf.Signed(), type);

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
    }

    [Fact]
    public async Task So_is_a_signature_of_cosigns_OCI_mode()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Put(null, Image.Digest, "application/vnd.dev.cosign.artifact.sig.v1+json", Cosign.Signed(shelf.Payload, Evidence.Key));

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
    }

    [Fact]
    public async Task Where_the_registry_keeps_no_list_the_one_under_the_tag_is_read()
    {
        await using var shelf = await Shelf.StartAsync(new SandboxRegistryOptions { ReferrersApi = false });
        shelf.Beside.PutReferrersTag(Image.Digest, shelf.Beside.Bundle(Image.Digest, Shelf.Signed()));

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
    }

    [Theory]
    [InlineData(400)]
    [InlineData(405)]
    [InlineData(406)]
    public async Task A_registry_that_says_otherwise_that_it_keeps_no_list_is_understood(int status)
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Registry.Faults.Add(new RegistryFault.Failing(status), new FaultMatch(RequestKind.Referrers));
        shelf.Beside.PutReferrersTag(Image.Digest, shelf.Beside.Bundle(Image.Digest, Shelf.Signed()));

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
    }

    [Fact]
    public async Task A_list_is_read_over_its_pages()
    {
        await using var shelf = await Shelf.StartAsync(new SandboxRegistryOptions { MaxPageSize = 1 });
        for (var i = 0; i < 3; i++)
        {
            shelf.Beside.Put(null, Image.Digest, $"application/spdx.{i}", new Cosign.Layer([(byte)i], MediaType: "application/octet-stream"));
        }

        shelf.Beside.Bundle(Image.Digest, Shelf.Signed());

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
        Assert.Equal(4, shelf.Registry.Log.Count(RequestKind.Referrers));

        // What calls itself something else is not read.
        Assert.Equal(1, shelf.Registry.Log.Count(RequestKind.Manifest, method: "GET"));
    }

    [Fact]
    public async Task A_page_that_leads_to_itself_ends_the_list()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Bundle(Image.Digest, Shelf.Signed());
        shelf.Registry.Faults.Add(new RegistryFault.SelfLinkedPage(), new FaultMatch(RequestKind.Referrers));

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
        Assert.Equal(1, shelf.Registry.Log.Count(RequestKind.Referrers));
    }

    [Fact]
    public async Task Pages_without_end_and_referrers_without_number_are_read_to_a_limit()
    {
        await using var shelf = await Shelf.StartAsync(new SandboxRegistryOptions { MaxPageSize = 50 });
        for (var i = 0; i < 1000; i++)
        {
            shelf.Beside.Bundle(Image.Digest, System.Text.Encoding.ASCII.GetBytes($"garbage {i}"));
        }

        await shelf.RefusesAsync(Reasons.SignatureUnreadable);

        Assert.Equal(8, shelf.Registry.Log.Count(RequestKind.Referrers));
        Assert.True(shelf.Registry.Log.Count() <= 8 + 1 + (2 * 64), $"{shelf.Registry.Log.Count()} requests");
    }

    // What is said to be small, and is not, is cut off by the limit of each.
    [Fact]
    public async Task All_that_is_read_for_one_image_is_bounded_too()
    {
        await using var shelf = await Shelf.StartAsync();
        for (var i = 0; i < 4; i++)
        {
            shelf.Beside.Bundle(Image.Digest, [.. new byte[7 << 20], (byte)i]);
        }

        Assert.Contains("cannot be used", (await shelf.RefusesAsync(Reasons.SignatureUnreadable)).Message, StringComparison.Ordinal);
        Assert.Equal(2, shelf.Registry.Log.Count(RequestKind.Blob));
    }

    [Fact]
    public async Task An_attestation_that_nobody_requires_is_not_read()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Sign(Image.Digest, shelf.Payload, Evidence.Key);
        var tag = $"{Image.Digest.Replace(':', '-')}.att";
        shelf.Beside.Put(tag, null, null, new Cosign.Layer(Shelf.Signed(Evidence.Provenance, bundle: false), MediaType: DsseEnvelope.MediaType));

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
        Assert.Equal(1, shelf.Registry.Log.Count(RequestKind.Blob));

        Assert.IsType<Verification.Verified>(await shelf.AskAsync(Evidence.Provenance));
        await shelf.RefusesAsync(Reasons.AttestationMissing, Evidence.Provenance, "https://spdx.dev/Document");
    }

    [Fact]
    public async Task An_attestation_may_be_a_bundle_among_the_referrers()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Sign(Image.Digest, shelf.Payload, Evidence.Key);
        await shelf.RefusesAsync(Reasons.AttestationMissing, Evidence.Provenance);

        shelf.Beside.Bundle(Image.Digest, Shelf.Signed(Evidence.Provenance));

        Assert.IsType<Verification.Verified>(await shelf.AskAsync(Evidence.Provenance));
    }

    [Fact]
    public async Task What_is_under_the_tag_and_is_no_signature_is_told_as_that()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.PutReferrersTag("sha256:x");
        Assert.True(shelf.Registry.Content.Tag("acme/shop", Cosign.TagOf(Image.Digest), shelf.Registry.Content.Resolve("acme/shop", "sha256-x")!));

        Assert.Contains("it is no manifest with layers", (await shelf.RefusesAsync(Reasons.SignatureUnreadable)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_manifest_whose_bytes_are_another_digests_is_no_signature()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Sign(Image.Digest, shelf.Payload, Evidence.Key);
        shelf.Registry.Faults.Add(new RegistryFault.WrongBytes(), new FaultMatch(RequestKind.Manifest, Method: "GET"));

        await shelf.RefusesAsync(Reasons.SignatureUnreadable);
    }

    [Fact]
    public async Task A_blob_that_is_gone_is_no_signature()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Sign(Image.Digest, shelf.Payload, Evidence.Key);
        shelf.Registry.Content.DeleteBlob("acme/shop", Digest.OfSha256(shelf.Payload));

        await shelf.RefusesAsync(Reasons.SignatureUnreadable);
    }

    public static TheoryData<string, RegistryFault, RequestKind> Silences => new()
    {
        { "no login", new RegistryFault.Unauthorized(), RequestKind.Manifest },
        { "a limit", new RegistryFault.Failing(429, TimeSpan.FromSeconds(30)), RequestKind.Manifest },
        { "a broken registry", new RegistryFault.Failing(503), RequestKind.Referrers },
        { "an answer that is cut off", new RegistryFault.TruncatedBody(), RequestKind.Referrers },
        { "the page of a proxy", new RegistryFault.Garbage(), RequestKind.Referrers },
    };

    [Theory]
    [MemberData(nameof(Silences))]
    public async Task What_could_not_be_asked_leaves_the_question_open(string what, RegistryFault fault, RequestKind kind)
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Registry.Faults.Add(fault, new FaultMatch(kind));

        var refused = await shelf.RefusesAsync(Reasons.VerificationUnavailable);

        Assert.True(refused.Message.Contains(shelf.Repository.Domain, StringComparison.Ordinal), $"{what}: {refused.Message}");
    }

    [Fact]
    public async Task Enough_found_in_one_place_is_enough_though_another_does_not_answer()
    {
        await using var shelf = await Shelf.StartAsync();
        shelf.Beside.Bundle(Image.Digest, Shelf.Signed());
        shelf.Registry.Faults.Add(new RegistryFault.Unauthorized(), new FaultMatch(RequestKind.Manifest, Method: "HEAD"));

        Assert.IsType<Verification.Verified>(await shelf.AskAsync());
    }
}
