namespace Slipway.Registry;

/// <summary>Logins at Google's registries by the identity of the controller's pod.</summary>
internal sealed class GoogleLogins(CloudCalls calls)
{
    public async Task<LoginAnswer> LogInAsync(CancellationToken cancellationToken)
    {
        if (calls.Variable("GOOGLE_APPLICATION_CREDENTIALS") is { } file)
        {
            return await FederateAsync(file, cancellationToken);
        }

        var metadata = calls.Variable("GCE_METADATA_HOST") ?? "metadata.google.internal";
        var (login, why) = await calls.AskAsync(GoogleLogin.FromMetadata(metadata), "get a token of Google's", body => GoogleLogin.Read(body, calls.Now), cancellationToken);
        return login is null ? new LoginAnswer.Failed(why) : new LoginAnswer.Found(login);
    }

    private async Task<LoginAnswer> FederateAsync(string file, CancellationToken cancellationToken)
    {
        if (SmallFile.TryRead(file, out var why) is not { } content || GoogleFederation.TryParse(content, out why) is not { } federation)
        {
            return new LoginAnswer.Failed($"GOOGLE_APPLICATION_CREDENTIALS: {why}");
        }

        if (SmallFile.TryRead(federation.SubjectTokenFile, out why) is not { } subject || federation.SubjectToken(subject) is not { } token)
        {
            return new LoginAnswer.Failed($"GOOGLE_APPLICATION_CREDENTIALS names a token that is not there: {(why.Length > 0 ? why : federation.SubjectTokenFile)}");
        }

        (var login, why) = await calls.AskAsync(GoogleLogin.Exchange(federation, token), "trade the pod's token for one of Google's", body => GoogleLogin.Read(body, calls.Now), cancellationToken);
        if (login is { Credential: { } federated } && federation.Impersonation is { } impersonation)
        {
            (login, why) = await calls.AskAsync(
                GoogleLogin.Impersonate(impersonation, federated.Password), "act as a service account of Google's", body => GoogleLogin.Read(body, calls.Now), cancellationToken);
        }

        return login is null ? new LoginAnswer.Failed(why) : new LoginAnswer.Found(login);
    }
}

/// <summary>Logins at Azure's registries by the identity of the controller's pod.</summary>
internal sealed class AzureLogins(CloudCalls calls)
{
    public async Task<LoginAnswer> LogInAsync(CloudRegistry.Acr registry, CancellationToken cancellationToken)
    {
        var (token, why) = await TokenAsync(cancellationToken);
        if (token is null)
        {
            return new LoginAnswer.Failed(why);
        }

        var exchange = AcrLogin.Exchange(new Uri($"https://{registry.Host}/"), registry, token);
        (var login, why) = await calls.AskAsync(exchange, $"log in at {registry.Host}", body => AcrLogin.Read(body, calls.Now), cancellationToken);
        return login is null ? new LoginAnswer.Failed(why) : new LoginAnswer.Found(login);
    }

    private async Task<(string? Token, string Why)> TokenAsync(CancellationToken cancellationToken)
    {
        if (calls.Variable("AZURE_FEDERATED_TOKEN_FILE") is not { } file)
        {
            var metadata = calls.Address("AZURE_POD_IDENTITY_AUTHORITY_HOST") ?? new Uri("http://169.254.169.254");
            return await calls.AskAsync(AcrLogin.FromMetadata(metadata, calls.Variable("AZURE_CLIENT_ID")), "get a token of Azure's", AcrLogin.ReadToken, cancellationToken);
        }

        if (calls.Variable("AZURE_TENANT_ID") is not { } tenant || calls.Variable("AZURE_CLIENT_ID") is not { } client)
        {
            return (null, "AZURE_FEDERATED_TOKEN_FILE is set without AZURE_TENANT_ID and AZURE_CLIENT_ID; label the pod azure.workload.identity/use");
        }

        if (SmallFile.TryReadText(file, out var why) is not { } assertion)
        {
            return (null, $"cannot get a token of Azure's: {why}");
        }

        var authority = calls.Address("AZURE_AUTHORITY_HOST") ?? new Uri("https://login.microsoftonline.com/");
        return await calls.AskAsync(AcrLogin.Token(authority, tenant, client, assertion), "get a token of Azure's", AcrLogin.ReadToken, cancellationToken);
    }
}
