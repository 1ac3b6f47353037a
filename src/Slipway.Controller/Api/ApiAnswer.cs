using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slipway.Views;

namespace Slipway.Controller.Api;

/// <summary>What a request is answered.</summary>
internal abstract record ApiAnswer
{
    private ApiAnswer() { }

    /// <summary>Written as it is.</summary>
    public sealed record Whole(int Status, string ContentType, ReadOnlyMemory<byte> Body, string? ContentSecurityPolicy = null) : ApiAnswer;

    public sealed record Refused(ProblemView Problem) : ApiAnswer
    {
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>The status and the headers say it all.</summary>
    public sealed record Empty(int Status) : ApiAnswer;

    /// <summary>It was written already, or nobody reads it any more.</summary>
    public sealed record Done : ApiAnswer;

    public static Whole Json<T>(T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => new(status, "application/json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(value, type));

    public int StatusCode => this switch
    {
        Whole whole => whole.Status,
        Refused refused => refused.Problem.Status,
        Empty empty => empty.Status,
        _ => StatusCodes.Status200OK,
    };

    public async Task WriteAsync(HttpContext http)
    {
        if (this is Empty empty)
        {
            http.Response.StatusCode = empty.Status;
            return;
        }

        var whole = this switch
        {
            Whole one => one,
            Refused refused => new Whole(refused.Problem.Status, "application/problem+json; charset=utf-8", JsonSerializer.SerializeToUtf8Bytes(refused.Problem, ViewJson.Default.ProblemView)),
            _ => null,
        };
        if (whole is null)
        {
            return;
        }

        var (response, headers) = (http.Response, http.Response.Headers);
        response.StatusCode = whole.Status;
        response.ContentType = whole.ContentType;
        response.ContentLength = whole.Body.Length;
        if (whole.ContentSecurityPolicy is { } policy)
        {
            headers.ContentSecurityPolicy = policy;
        }

        if (whole.Status is StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        if ((this as Refused)?.RetryAfter is { } wait)
        {
            headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        // What was not read of a body is not waited for.
        if (whole.Status >= StatusCodes.Status400BadRequest && !HttpMethods.IsGet(http.Request.Method))
        {
            headers.Connection = "close";
        }

        await response.Body.WriteAsync(whole.Body, http.RequestAborted);
    }
}
