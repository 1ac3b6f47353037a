using System.Net.Http.Headers;
using System.Text;
using k8s;
using k8s.Authentication;

namespace Slipway.Kube;

/// <summary>
/// Says who we are on every request: a token (given, from a file that the kubelet renews, or from a plugin) or a name and password.
/// Only requests to the server itself get one; redirects are not followed, so it never travels on.
/// </summary>
internal sealed class ClusterCredentials(KubernetesClientConfiguration identity, Uri server, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private readonly ITokenProvider? _tokens = identity.TokenProvider;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is { } target && target.Authority == server.Authority && target.Scheme == server.Scheme)
        {
            request.Headers.Authorization = await AuthorizationAsync(cancellationToken);
        }

        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken cancellationToken) => this switch
    {
        { _tokens: { } tokens } => await TokenAsync(tokens, cancellationToken),
        _ when !string.IsNullOrEmpty(identity.AccessToken) => new AuthenticationHeaderValue("Bearer", identity.AccessToken),
        _ when !string.IsNullOrEmpty(identity.Username) => new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{identity.Username}:{identity.Password}"))),
        _ => null,
    };

    private static async Task<AuthenticationHeaderValue> TokenAsync(ITokenProvider tokens, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.GetAuthenticationHeaderAsync(cancellationToken);
        }
        catch (AggregateException e)
        {
            // How the library says that the token's file cannot be read: the kubelet may be renewing it this moment.
            throw new IOException($"no token: {e.GetBaseException().Message}", e);
        }
    }
}
