using Slipway.Rollouts;

namespace Slipway.Groups;

/// <summary>Who switches before whom. Members that depend on each other in a circle switch at the same time, so that nothing waits for ever.</summary>
internal static class Dependencies
{
    /// <summary>The members that this one comes after.</summary>
    public static IReadOnlySet<string> Before(DeliverySnapshot now)
    {
        var mine = now.Terms.Group!;
        var nodes = now.Group.ToDictionary(member => member.Name, member => (member.Order, member.DependsOn));
        nodes[now.Name] = (mine.Order, mine.DependsOn);
        var before = Reachable(now.Name, nodes);
        return before.Where(name => !Reachable(name, nodes).Contains(now.Name)).ToHashSet();
    }

    private static HashSet<string> Reachable(string from, Dictionary<string, (int Order, IReadOnlyList<string> DependsOn)> nodes)
    {
        var (found, open) = (new HashSet<string>(), new Stack<string>([from]));
        while (open.TryPop(out var name))
        {
            var (order, needs) = nodes[name];
            foreach (var next in nodes.Where(other => needs.Contains(other.Key) || other.Value.Order < order).Select(other => other.Key).Where(found.Add))
            {
                open.Push(next);
            }
        }

        return found;
    }
}
