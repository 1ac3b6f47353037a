using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Conditions;
using Slipway.Kube;
using Slipway.Registry;
using Slipway.Registry.Signatures;
using Slipway.Sandbox.Registry;
using Slipway.Signatures;
using Slipway.Tests.Queue;

namespace Slipway.Tests.Signatures;

/// <summary>When is looked for signatures, and for whom.</summary>
public sealed class SignatureChecksTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private static readonly SignatureWish Wish = new(
        Evidence.Shop, Evidence.Digest, ["1.1.0"], new SignatureRule("spec.source.verify", [new KeySource.Given("", [Evidence.Key.Public!])], [], null), CredentialChain.Anonymous);

    private static readonly SignatureAnswer Missing = new(new Verification.Refused(Evidence.Digest, Reasons.SignatureMissing, "it has none"));

    /// <summary>One search in virtual time; each look waits until the test gives the answer.</summary>
    private sealed class Search : IAsyncDisposable
    {
        private readonly SemaphoreSlim _looks = new(0);

        // The search begins to look when it is made, and who asks is added after that.
        private readonly TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ConcurrentQueue<SignatureAnswer> _answers = new();

        public Search(params SignatureAnswer[] answers)
        {
            foreach (var answer in answers)
            {
                _answers.Enqueue(answer);
            }

            Check = new SignatureCheck(Wish, LookAsync, Time, () => 1, NullLogger.Instance);
            Check.Add(new ObjectKey("a", "b"), () => Interlocked.Increment(ref Told));
            _added.SetResult();
        }

        public VirtualTime Time { get; } = new();

        public SignatureCheck Check { get; }

        public int Told;

        public int Looks;

        public async Task LooksAgainAsync() => Assert.True(await _looks.WaitAsync(Limit), "no look came");

        /// <summary>Until the search has set its next timer.</summary>
        public async Task RestsAsync()
        {
            using var late = new CancellationTokenSource(Limit);
            while (Time.Armed == 0)
            {
                late.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Check.DisposeAsync();
            _looks.Dispose();
        }

        private async Task<SignatureAnswer> LookAsync(CancellationToken cancellationToken)
        {
            await _added.Task;
            Interlocked.Increment(ref Looks);
            var answer = _answers.TryDequeue(out var next) ? next : Missing;
            _looks.Release();
            return answer;
        }
    }

    [Fact]
    public async Task While_it_is_held_it_is_looked_for_with_growing_pauses_up_to_five_minutes()
    {
        await using var search = new Search();
        await search.LooksAgainAsync();
        int[] pauses = [2, 4, 8, 16, 32, 64, 128, 256, 300, 300];

        foreach (var pause in pauses)
        {
            await search.RestsAsync();
            Assert.Equal(TimeSpan.FromSeconds(pause), search.Time.UntilNext);
            search.Time.Advance(TimeSpan.FromSeconds(pause));
            await search.LooksAgainAsync();
        }

        // One word for all of them: an answer that did not change wakes nobody.
        Assert.Equal(1, search.Told);
    }

    [Fact]
    public async Task A_hint_looks_at_once_but_not_twice_in_a_second_and_the_pauses_begin_anew()
    {
        await using var search = new Search();
        await search.LooksAgainAsync();
        await search.RestsAsync();
        search.Time.Advance(TimeSpan.FromSeconds(2));
        await search.LooksAgainAsync();
        await search.RestsAsync();

        search.Check.Hint();
        search.Check.Hint();
        using var late = new CancellationTokenSource(Limit);
        while (search.Time.UntilNext != TimeSpan.FromSeconds(1))
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(2, search.Looks);
        search.Time.Advance(TimeSpan.FromSeconds(1));
        await search.LooksAgainAsync();
        await search.RestsAsync();
        Assert.Equal(TimeSpan.FromSeconds(2), search.Time.UntilNext);
    }

    [Fact]
    public async Task A_registry_that_wants_to_be_left_alone_is()
    {
        await using var search = new Search(Missing with { RetryAfter = TimeSpan.FromMinutes(7) });
        await search.LooksAgainAsync();
        await search.RestsAsync();

        Assert.Equal(TimeSpan.FromMinutes(7), search.Time.UntilNext);
    }

    [Fact]
    public async Task What_was_found_is_told_and_ends_the_search()
    {
        await using var search = new Search(Missing, new(new Verification.Verified(Evidence.Digest)));
        await search.LooksAgainAsync();
        await search.RestsAsync();
        Assert.Equal(Missing.Verification, search.Check.Latest);
        search.Time.Advance(TimeSpan.FromSeconds(2));
        await search.LooksAgainAsync();
        using var late = new CancellationTokenSource(Limit);
        while (search.Check.Latest is not Verification.Verified || search.Told < 2)
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        search.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((2, 0), (search.Looks, search.Time.Armed));
    }

    // The reconcile loop logs it, and tries again.
    [Fact]
    public async Task A_defect_ends_the_search_wakes_who_waits_and_is_thrown_at_who_asks()
    {
        var (told, begin) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var check = new SignatureCheck(Wish, Defective, new VirtualTime(), () => 1, NullLogger.Instance);
        check.Add(new ObjectKey("a", "b"), () => told.TrySetResult());
        begin.SetResult();
        await told.Task.WaitAsync(Limit, TimeProvider.System, TestContext.Current.CancellationToken);

        async Task<SignatureAnswer> Defective(CancellationToken stop)
        {
            await begin.Task.WaitAsync(stop);
            throw new InvalidOperationException("a defect");
        }

        Assert.Equal("a defect", Assert.Throws<InvalidOperationException>(() => check.Latest).Message);
    }

    // The whole, on a registry over HTTP.

    private sealed class World : IAsyncDisposable
    {
        private readonly RegistryClient _client = new(new RegistryOptions(), TimeProvider.System, () => 0.5);
        private readonly ClusterConnection _cluster = ClusterConnection.To(new Uri("http://127.0.0.1:9"), token: "none");

        private World(SandboxRegistry registry, ImmutableArray<ImagePolicy> policies)
        {
            Registry = registry;
            Checks = new SignatureChecks(_client, _cluster, policies, TimeProvider.System, () => 0.5, NullLogger<SignatureChecks>.Instance);
        }

        public SandboxRegistry Registry { get; }

        public SignatureChecks Checks { get; }

        public SignatureWish Wish => SignatureChecksTests.Wish with { Repository = new(Registry.Address, "acme/shop") };

        public static async Task<World> StartAsync(params ImmutableArray<ImagePolicy> policies) =>
            new(await SandboxRegistry.StartAsync(new(), TestContext.Current.CancellationToken), policies);

        public async Task<T> BecomesAsync<T>(ObjectKey delivery, SignatureWish wish, Func<T, bool>? fits = null)
            where T : Verification
        {
            using var late = new CancellationTokenSource(Limit);
            while (true)
            {
                if (Checks.Follow(delivery, wish, () => { }) is T found && fits?.Invoke(found) != false)
                {
                    return found;
                }

                late.Token.ThrowIfCancellationRequested();
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await Checks.DisposeAsync();
            _client.Dispose();
            _cluster.Dispose();
            await Registry.DisposeAsync();
        }
    }

    private static ObjectKey Delivery(int number) => new("prod", $"shop-{number}");

    [Fact]
    public async Task Fifty_Deliveries_with_the_same_rule_are_one_search()
    {
        await using var world = await World.StartAsync();

        for (var i = 0; i < 50; i++)
        {
            await world.BecomesAsync<Verification.Refused>(Delivery(i), world.Wish);
        }

        Assert.True(world.Registry.Log.Count() <= 4, $"{world.Registry.Log.Count()} requests");
    }

    [Fact]
    public async Task A_yes_is_kept_though_nobody_asks_any_longer_and_a_no_is_not()
    {
        await using var world = await World.StartAsync();
        var other = world.Wish with { Digest = Evidence.Other };
        world.Registry.Content.PutBlob("acme/shop", "{}"u8.ToArray());
        new Cosign(world.Registry.Content).Sign(Evidence.Digest, Evidence.Payload(name: $"{world.Wish.Repository}"), Evidence.Key);
        await world.BecomesAsync<Verification.Verified>(Delivery(1), world.Wish);
        await world.BecomesAsync<Verification.Refused>(Delivery(1), other);
        world.Checks.Forget(Delivery(1));
        world.Registry.Log.Clear();

        await world.BecomesAsync<Verification.Verified>(Delivery(2), world.Wish);
        Assert.Equal(0, world.Registry.Log.Count());
        await world.BecomesAsync<Verification.Refused>(Delivery(2), other);
        Assert.NotEqual(0, world.Registry.Log.Count());
    }

    [Fact]
    public async Task A_key_file_is_read_anew_at_each_look()
    {
        var files = Directory.CreateTempSubdirectory("slipway-keys");
        try
        {
            var path = Path.Combine(files.FullName, "a.pub");
            Assert.True(RepositoryPattern.TryParse("**", out var all, out _));
            await using var world = await World.StartAsync(new ImagePolicy([all], new("the image policy for **", [new KeySource.InFile(path)], [], null)));
            var wish = world.Wish with { Rule = null };
            Assert.True(world.Checks.AreRequired(wish.Repository, null));
            Assert.Contains(path, (await world.BecomesAsync<Verification.Refused>(Delivery(1), wish)).Message, StringComparison.Ordinal);

            await File.WriteAllTextAsync(path, Evidence.Key.PublicPem, TestContext.Current.CancellationToken);
            world.Checks.CheckNow(Delivery(1));
            await world.BecomesAsync<Verification.Refused>(Delivery(1), wish, refused => refused.Reason == Reasons.SignatureMissing);

            await File.WriteAllTextAsync(path, "garbage", TestContext.Current.CancellationToken);
            world.Checks.Hint(wish.Repository);
            await world.BecomesAsync<Verification.Refused>(Delivery(1), wish, refused => refused.Reason == Reasons.KeyUnusable);
        }
        finally
        {
            files.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Keys_that_cannot_be_asked_for_leave_the_question_open()
    {
        await using var world = await World.StartAsync();
        var wish = world.Wish with { Rule = world.Wish.Rule! with { Keys = [new KeySource.InConfigMap("keys", "a.pub")] } };

        Assert.Equal(Reasons.VerificationUnavailable, (await world.BecomesAsync<Verification.Refused>(Delivery(1), wish)).Reason);
        Assert.Equal(0, world.Registry.Log.Count());
    }

    [Fact]
    public void Keys_of_one_namespace_are_not_those_of_another()
    {
        var local = Wish with { Rule = Wish.Rule! with { Keys = [new KeySource.InSecret("keys", "a.pub")] } };

        Assert.NotEqual(local.Identity("a"), local.Identity("b"));
        Assert.Equal(Wish.Identity("a"), Wish.Identity("b"));
        Assert.NotEqual(Wish.Identity("a"), (Wish with { Rule = null }).Identity("a"));
    }

    [Fact]
    public void What_is_known_to_be_verified_is_bounded_and_keeps_what_is_asked_for()
    {
        var images = new VerifiedImages(generation: 2);
        SignatureQuestion Numbered(int number) => Evidence.Question() with { Tags = [$"{number}"] };

        for (var i = 0; i < 20; i++)
        {
            images.Add(Numbered(i));
            Assert.True(images.Contains(Numbered(0)));
        }

        Assert.False(images.Contains(Numbered(1)));
        Assert.True(images.Contains(Numbered(19)));
    }
}
