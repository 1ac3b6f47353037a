namespace Slipway.Policies;

/// <summary>Picks a tag, or says in a sentence why none fits: that sentence goes to the user's status and into <c>slipway why</c>.</summary>
public abstract record Selection
{
    private Selection() { }

    public sealed record Picked(string Tag, string Why) : Selection
    {
        /// <summary>When it was built, where the policy goes by that.</summary>
        public DateTimeOffset? Built { get; init; }
    }

    public sealed record None(string Why) : Selection;
}

/// <summary>Chooses among the tags of one repository. A policy is a function and not a service.</summary>
public delegate Selection VersionPolicy(IReadOnlyList<string> tags);
