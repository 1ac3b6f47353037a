using CsCheck;
using Slipway.Registry;

namespace Slipway.Tests.Registry;

public sealed class RequestRateTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("registry.example.com", 10)]
    [InlineData("registry-1.docker.io", 10)]
    [InlineData("quay.io", 10)]
    [InlineData("ghcr.io", 100)]
    [InlineData("europe-docker.pkg.dev", 100)]
    [InlineData("127.0.0.1:5000", 500)]
    [InlineData("localhost:5000", 500)]
    [InlineData("[::1]:5000", 500)]
    [InlineData("10.1.2.3", 500)]
    [InlineData("registry:5000", 500)]
    [InlineData("registry.infra.svc:5000", 500)]
    [InlineData("registry.infra.svc.cluster.local", 500)]
    [InlineData("local.example.com", 10)]
    [InlineData("127.0.0.1.example.com", 10)]
    public void A_host_is_asked_as_often_as_is_known_of_it(string host, double perSecond) => Assert.Equal(perSecond, RequestRate.Of(host).PerSecond);

    [Fact]
    public void The_configuration_says_it_better()
    {
        var options = new RegistryOptions
        {
            Registries = [new RegistryConfiguration { Host = "docker.io", RequestsPerSecond = 3 }, new RegistryConfiguration { Host = "*.example.com", Burst = 7 }],
        };

        Assert.Equal(new RequestRate(3, 50), options.RateOf("registry-1.docker.io"));
        Assert.Equal(new RequestRate(10, 7), options.RateOf("a.example.com"));
        Assert.Equal(RequestRate.Unknown, options.RateOf("elsewhere.org"));
    }

    [Fact]
    public void A_bucket_gives_a_burst_and_then_its_rate()
    {
        var (bucket, waits) = (default(TokenBucket), new List<double>());
        for (var i = 0; i < 5; i++)
        {
            waits.Add(bucket.Wait(Second, Second / 10, burst: 3).TotalMilliseconds);
            bucket = bucket.Take(Second, Second / 10);
        }

        Assert.Equal([0, 0, 0, 100, 200], waits);
        Assert.Equal(TimeSpan.Zero, bucket.Wait(Second * 1.3, Second / 10, burst: 3));
        Assert.Equal(TimeSpan.Zero, bucket.GiveBack(Second / 10).GiveBack(Second / 10).GiveBack(Second / 10).Wait(Second, Second / 10, burst: 3));
    }

    [Fact]
    public void In_no_span_of_time_is_more_given_than_the_burst_and_the_rate() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 20], Gen.Int[0, 400].Array[1, 100]).Sample((burst, perSecond, pauses) =>
        {
            var (bucket, now, step) = (default(TokenBucket), TimeSpan.Zero, new RequestRate(perSecond, burst).Step);
            var given = new List<TimeSpan>();
            foreach (var pause in pauses)
            {
                now += TimeSpan.FromMilliseconds(pause);
                now += bucket.Wait(now, step, burst);
                bucket = bucket.Take(now, step);
                given.Add(now);
            }

            return given.Select((first, at) => given.Skip(at).Select((last, more) => more + 1 <= burst + ((last - first) / step) + 1e-9).All(fits => fits)).All(fits => fits);
        });
}

public sealed class PullQuotaTests
{
    private static readonly RateLimit Hundred = new(100, TimeSpan.FromHours(6));

    [Fact]
    public void Where_nothing_was_said_nothing_is_held_back() => Assert.Equal(TimeSpan.Zero, Taken(default, 1000).Wait(TimeSpan.Zero));

    [Fact]
    public void A_quarter_of_what_is_left_may_be_used_at_once_and_then_it_is_spread()
    {
        var full = default(PullQuota).Told(Hundred);

        Assert.Equal(TimeSpan.Zero, Taken(full, 24).Wait(TimeSpan.Zero));
        Assert.Equal(TimeSpan.FromHours(6) / 100, Taken(full, 25).Wait(TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, Taken(full, 25).Wait(TimeSpan.FromHours(6) / 100));
    }

    [Fact]
    public void Little_that_is_left_is_spread_more()
    {
        var low = default(PullQuota).Told(Hundred with { Allowed = 8 });

        Assert.Equal(TimeSpan.FromMinutes(45), Taken(low, 2).Wait(TimeSpan.Zero));
    }

    [Fact]
    public void What_is_renewed_is_believed() =>
        Assert.Equal(TimeSpan.Zero, Taken(default(PullQuota).Told(Hundred with { Allowed = 1 }), 1).Told(Hundred).Wait(TimeSpan.Zero));

    [Theory]
    [InlineData(0, 21600)]
    [InlineData(5, 0)]
    public void What_says_nothing_changes_nothing(long left, int seconds)
    {
        var quota = default(PullQuota).Told(Hundred);

        Assert.Equal(quota, quota.Told(new RateLimit(left, TimeSpan.FromSeconds(seconds))));
    }

    [Fact]
    public void Who_has_to_wait_is_told_why_and_for_an_hour_at_most()
    {
        var problem = default(PullQuota).Told(Hundred with { Allowed = 5 }).Refusal("read acme/shop:1.0.0", "registry-1.docker.io", TimeSpan.FromHours(5));

        Assert.Equal((RegistryProblemKind.RateLimited, TimeSpan.FromHours(1), true), (problem.Kind, problem.RetryAfter, problem.Spared));
        Assert.Contains("cannot read acme/shop:1.0.0 yet: registry-1.docker.io allows this login 5 more pulls in 6 h", problem.Message, StringComparison.Ordinal);
    }

    private static PullQuota Taken(PullQuota quota, int times) => Enumerable.Range(0, times).Aggregate(quota, (left, _) => left.Take(TimeSpan.Zero));
}
