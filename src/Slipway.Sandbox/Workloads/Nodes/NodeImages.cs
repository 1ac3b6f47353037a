using Slipway.Images;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Storage;

namespace Slipway.Sandbox.Workloads.Nodes;

/// <summary>A pull that is under way or done. Pods that want the same image on the same node wait for the same one.</summary>
internal sealed class PullTicket
{
    private readonly Lock _gate = new();
    private readonly HashSet<ObjectKey> _waiting = [];
    private (PulledImage? Image, PullFailure? Failure)? _result;

    /// <summary>Null while it is under way.</summary>
    public (PulledImage? Image, PullFailure? Failure)? Result
    {
        get
        {
            lock (_gate)
            {
                return _result;
            }
        }
    }

    public void Wait(ObjectKey pod)
    {
        lock (_gate)
        {
            _waiting.Add(pod);
        }
    }

    public IReadOnlyCollection<ObjectKey> Finish((PulledImage? Image, PullFailure? Failure) result)
    {
        lock (_gate)
        {
            _result = result;
            return [.. _waiting.OrderBy(key => key.ToString(), StringComparer.Ordinal)];
        }
    }
}

/// <summary>The images that the nodes have, and the pulls that bring more.</summary>
internal sealed class NodeImages(ImagePuller puller)
{
    // Of all nodes together; then they are forgotten, as a kubelet forgets when its disk is full.
    private const int MaxKept = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Node, string Image), PulledImage> _present = [];
    private readonly Dictionary<(string Node, string Image), PullTicket> _pulling = [];

    public PulledImage? Find(string node, ImageReference image)
    {
        lock (_gate)
        {
            return _present.GetValueOrDefault((node, image.ToString()));
        }
    }

    /// <param name="run">Runs the pull; called when nobody pulls it yet.</param>
    public PullTicket Pull(string node, Platform platform, ImageReference image, RegistryLogin? login, Action<Func<CancellationToken, Task<IReadOnlyCollection<ObjectKey>>>> run)
    {
        PullTicket? ticket;
        lock (_gate)
        {
            if (_pulling.TryGetValue((node, image.ToString()), out ticket))
            {
                return ticket;
            }

            _pulling[(node, image.ToString())] = ticket = new PullTicket();
        }

        run(async cancellationToken =>
        {
            var result = await puller.PullAsync(image, platform, login, cancellationToken);
            Keep((node, image.ToString()), result.Image);
            return ticket.Finish(result);
        });
        return ticket;
    }

    private void Keep((string Node, string Image) key, PulledImage? image)
    {
        lock (_gate)
        {
            _pulling.Remove(key);
            if (image is null)
            {
                return;
            }

            if (_present.Count >= MaxKept)
            {
                _present.Clear();
            }

            _present[key] = image;
        }
    }
}
