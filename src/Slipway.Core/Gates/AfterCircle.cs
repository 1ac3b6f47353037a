namespace Slipway.Gates;

/// <summary>Finds Deliveries that wait for each other (spec.after): none of them would ever start anything.</summary>
public static class AfterCircle
{
    // A chain of environments is a handful long; what goes on for longer is left to be a wait.
    private const int MostSteps = 200;

    /// <summary>The way from <paramref name="me"/> by <paramref name="first"/> back to it, as a clause; null: there is none.</summary>
    /// <param name="after">What each one waits for.</param>
    public static string? Find(string me, string first, Func<string, IEnumerable<string>> after)
    {
        var (cameFrom, open) = (new Dictionary<string, string> { [first] = me }, new Queue<string>([first]));
        for (var step = 0; step < MostSteps && open.TryDequeue(out var at); step++)
        {
            if (at == me)
            {
                return Describe(me, cameFrom);
            }

            foreach (var next in after(at).Where(next => cameFrom.TryAdd(next, at)))
            {
                open.Enqueue(next);
            }
        }

        return null;
    }

    private static string Describe(string me, Dictionary<string, string> cameFrom)
    {
        List<string> way = [me];
        for (var at = cameFrom[me]; at != me; at = cameFrom[at])
        {
            way.Insert(0, at);
        }

        return $"{me} waits for {string.Join(", which waits for ", way)}";
    }
}
