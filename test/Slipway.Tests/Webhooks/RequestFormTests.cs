using Slipway.Webhooks;

namespace Slipway.Tests.Webhooks;

public sealed class RequestFormTests
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/cloudevents+json")]
    [InlineData("application/vnd.docker.distribution.events.v1+json")]
    [InlineData("")]
    [InlineData(null)]
    public void Json_by_post_is_let_in(string? contentType) => Assert.Null(RequestForm.Refusal("POST", contentType));

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/json-not")]
    [InlineData(";application/json")]
    public void Another_content_type_is_told_how_to_set_it(string contentType)
    {
        var refusal = RequestForm.Refusal("POST", contentType);

        Assert.Equal(415, refusal?.Status);
        Assert.Contains("application/json", refusal?.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("post")]
    public void Another_method_is_refused(string method) => Assert.Equal(405, RequestForm.Refusal(method, "application/json")?.Status);

    [Fact]
    public void A_request_prints_neither_its_headers_nor_its_body() =>
        Assert.Equal("a body of 2 bytes", new WebhookRequest { Body = "{}"u8.ToArray(), Headers = new Dictionary<string, string> { ["Authorization"] = "secret" } }.ToString());

    [Fact]
    public void Headers_are_found_in_any_case_and_empty_is_absent()
    {
        var request = new WebhookRequest { Body = default, Headers = new Dictionary<string, string> { ["X-One"] = "1", ["X-Two"] = "" }, Query = new Dictionary<string, string> { ["a"] = "", ["b"] = "2" } };

        Assert.Equal(("1", null, null), (request.Header("x-one"), request.Header("X-Two"), request.Header("X-Three")));
        Assert.Equal((null, "2", null), (request.Parameter("a"), request.Parameter("b"), request.Parameter("c")));
    }
}
