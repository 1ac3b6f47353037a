namespace Slipway.Tests.Controller.Api;

public sealed class RequestGuardTests(ApiWorld world) : IClassFixture<ApiWorld>
{
    private const string Check = "/api/v1/namespaces/prod/deliveries/shop/check";

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    public async Task What_another_site_sends_is_refused(string header, string value)
    {
        var reply = await world.SendAsync("POST", Check, world.Server.AdminToken, headers: (header, value));
        Assert.Equal((403, "CrossSite"), (reply.Code, reply.Reason));
    }

    [Fact]
    public async Task A_page_of_this_address_may_post()
    {
        var origin = world.Address.GetLeftPart(UriPartial.Authority);
        Assert.Equal(202, (await world.SendAsync("POST", Check, world.Server.AdminToken, headers: [("Origin", origin), ("Sec-Fetch-Site", "same-origin")])).Code);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data")]
    public async Task What_a_form_can_send_is_refused(string type)
    {
        var reply = await world.SendAsync("POST", Check, world.Server.AdminToken, type: type);
        Assert.Equal((415, "WrongContentType"), (reply.Code, reply.Reason));
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused()
    {
        var reply = await world.SendAsync("POST", Check, world.Server.AdminToken, $$"""{"reason":"{{new string('x', 17 << 10)}}"}""");
        Assert.Equal((413, "TooLarge"), (reply.Code, reply.Reason));
    }

    [Theory]
    [InlineData("check", """{"digset":"sha256:1"}""", "Invalid")]
    [InlineData("check", """{"digest":"sha256:1"}""", "UnknownField")]
    [InlineData("rollback", """{"all":true}""", "UnknownField")]
    [InlineData("rollback", """{"to":0}""", "InvalidNumber")]
    [InlineData("approve", """{"digest":"latest"}""", "InvalidDigest")]
    [InlineData("promote", """{"all":"yes"}""", "Invalid")]
    [InlineData("promote", "[]", "Invalid")]
    [InlineData("promote", "{", "Invalid")]
    public async Task A_body_that_says_something_else_is_refused(string action, string body, string reason)
    {
        var reply = await world.SendAsync("POST", $"/api/v1/namespaces/prod/deliveries/shop/{action}", world.Server.AdminToken, body);
        Assert.Equal((400, reason), (reply.Code, reply.Reason));
        Assert.NotEmpty((string)reply.Json["wayOut"]!);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/deliveries")]
    [InlineData("/api/v1/nothing")]
    public async Task Every_answer_forbids_browsers_what_none_of_them_needs(string path)
    {
        var headers = (await world.GetAsync(path, world.Server.AdminToken)).Answer.Headers;
        string Header(string name) => headers.TryGetValues(name, out var values) ? string.Join(',', values) : "";

        Assert.StartsWith("default-src 'none'; frame-ancestors 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(("nosniff", "no-referrer", "DENY", "no-store"), (Header("X-Content-Type-Options"), Header("Referrer-Policy"), Header("X-Frame-Options"), Header("Cache-Control")));
    }

    [Fact]
    public async Task A_caller_beyond_the_rate_is_told_when_to_come_again()
    {
        var token = await world.UserAsync(null, "list freezes");

        // Many at once, so that the bucket does not refill faster than they come, on whatever machine.
        ApiReply? refused = null;
        for (var round = 0; round < 20 && refused is null; round++)
        {
            refused = (await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => world.GetAsync("/api/v1/freezes", token)))).FirstOrDefault(reply => reply.Code == 429);
        }

        Assert.NotNull(refused?.Answer.Headers.RetryAfter);
        Assert.Equal(200, (await world.GetAsync("/api/v1/freezes", world.Server.AdminToken)).Code);
    }

    [Fact]
    public async Task A_name_that_cannot_be_one_is_not_found()
    {
        Assert.Equal(404, (await world.GetAsync("/api/v1/namespaces/prod/deliveries/none", world.Server.AdminToken)).Code);
        Assert.Equal(404, (await world.SendAsync("POST", "/api/v1/namespaces/prod/deliveries/..%2f..%2fx/check", world.Server.AdminToken)).Code);
    }
}
