using System.Collections.Immutable;
using Slipway.Images;

namespace Slipway.Webhooks.Receivers;

/// <summary>How a receiver knows its sender. Secrets stand in files, which are read anew at each request.</summary>
public abstract record ReceiverProof
{
    private ReceiverProof() { }

    public sealed record TokenFile(string Path) : ReceiverProof;

    /// <summary>From the environment, as the default receiver has it.</summary>
    public sealed record FixedToken(SharedSecret.Token Token) : ReceiverProof;

    public sealed record KeyFile(string Path) : ReceiverProof;

    public sealed record LoginFiles(string UserPath, string PasswordPath) : ReceiverProof;

    public sealed record Issuer(OidcTerms Terms) : ReceiverProof;
}

/// <summary>A receiver, read and found right.</summary>
/// <param name="Repositories">Empty: all.</param>
public sealed record ReceiverTerms(string Name, ReceiverType Type, ReceiverProof Proof, string? Registry, ImmutableArray<NameGlob> Repositories)
{
    /// <summary>More is a mistake: one receiver takes any number of senders of its kind.</summary>
    public const int MaxReceivers = 64;

    /// <summary>The receiver that <c>slipway install</c> sets up, by a token alone.</summary>
    public static ReceiverTerms Default(string token) =>
        new("distribution", ReceiverType.All["distribution"], new ReceiverProof.FixedToken(new SharedSecret.Token(token)), null, []);

    /// <summary>Whether this receiver may speak for the repository. A glob is over its canonical name or, where it names no host, over its path.</summary>
    public bool MaySpeakFor(RepositoryName repository) =>
        Repositories.IsEmpty || Repositories.Any(glob => glob.Matches(repository.ToString()) || glob.Matches(repository.Familiar));
}
