using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Controller;
using Slipway.Controller.Api;
using Slipway.Controller.Endpoints;
using Slipway.Controller.Webhooks;
using Slipway.Controllers;
using Slipway.Kube;
using Slipway.Leadership;
using Slipway.Registry;
using Slipway.Telemetry;
using Slipway.Telemetry.Exposition;
using Slipway.Webhooks.Receivers;

namespace Slipway.Tests.Webhooks;

/// <summary>Asks every route of the controller, whatever will be added, as a stranger.</summary>
public sealed class OpenRouteTests
{
    [Fact]
    public async Task Nothing_but_health_metrics_and_the_ways_in_answers_a_stranger()
    {
        using var metrics = new SlipwayMetrics();
        using var connection = ClusterConnection.To(new Uri("http://127.0.0.1:1"));
        using var election = new Election(new ObjectKey("slipway", "lease"), 1, TimeProvider.System);
        var logs = NullLoggerFactory.Instance;
        var deliveries = new DeliveryController(
            new ControllerContext(connection, null, TimeProvider.System, () => 0.5, metrics, logs), election.Shards, new RegistryOptions(), 1, "test", logs.CreateLogger<DeliveryController>());
        var hints = 0;
        using var receivers = new WebhookReceivers(All(), new WebhookContext(_ => hints++, TimeProvider.System, metrics, logs));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        using var api = new ApiContext(deliveries, connection, new(), TimeProvider.System, logs);
        using var store = new MetricStore(metrics, logs.CreateLogger<MetricStore>());
        ControllerHost.MapRoutes(app, new Readiness(deliveries, election.Describe), store, receivers, api);
        await app.StartAsync(TestContext.Current.CancellationToken);

        var open = new List<string>();
        var routes = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>().Select(endpoint => $"/{endpoint.RoutePattern.RawText!.TrimStart('/')}").ToList();
        using var http = new HttpClient();
        foreach (var route in routes)
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete })
            {
                using var request = new HttpRequestMessage(method, new Uri(new Uri(app.Urls.First()), route)) { Content = method == HttpMethod.Get ? null : new StringContent("{}", null, "application/json") };
                using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
                if ((int)answer.StatusCode is not (401 or 404 or 405))
                {
                    open.Add($"{method} {route}");
                }
            }
        }

        Assert.Equal(3 + ReceiverType.All.Count + Routes.All.Length, routes.Count);
        Assert.Equal(["DELETE /api/v1/session", "GET /livez", "GET /metrics", "GET /readyz", "POST /api/v1/session", "POST /approve/{link}"], open.Distinct().Order());
        Assert.Equal(0, hints);
    }

    private static IEnumerable<ReceiverTerms> All() =>
        ReceiverType.All.Values.Select(type => ReceiverTerms.Default("correct-horse-battery") with { Name = type.Name, Type = type, Proof = ProofOf(type) });

    private static ReceiverProof ProofOf(ReceiverType type) => type.Proofs.HasFlag(ReceiverProofs.Oidc)
        ? new ReceiverProof.Issuer(new OidcTerms("https://issuer.invalid", "slipway", new NameGlob("nobody"), null, System.Collections.Immutable.ImmutableSortedDictionary<string, NameGlob>.Empty))
        : new ReceiverProof.FixedToken(new SharedSecret.Token("correct-horse-battery"));
}
