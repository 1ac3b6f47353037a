using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Sandbox.Registry;
using Slipway.Sandbox.Workloads.Nodes;

namespace Slipway.Tests.Simulation.Whole;

/// <summary>What becomes of a version.</summary>
internal enum Fate
{
    Good,
    NeverReady,
    Crashes,

    /// <summary>Its pods run, and its check fails.</summary>
    FailsChecks,
}

/// <summary>
/// All versions of all fates in one registry for all schedules: <c>1.VERSION.FATE</c>. Nodes pull from it; a controller sees through <see cref="Transport"/> only
/// those tags that its schedule has pushed so far, and must log in with the password of the pull secret.
/// </summary>
internal sealed class SharedImages : IAsyncDisposable
{
    public const string Password = "correct-horse-battery";

    public const int Versions = 9;

    private const string Repository = "acme/shop";

    private readonly SandboxRegistry _registry;
    private readonly Dictionary<string, BuiltImage> _byTag = [];
    private readonly Dictionary<string, ReadOnlyMemory<byte>> _blobs = [];
    private readonly Dictionary<string, string> _tags = [];

    private SharedImages(SandboxRegistry registry) => _registry = registry;

    public string Address => _registry.Address;

    public static string Login => Convert.ToBase64String(Encoding.UTF8.GetBytes($"bob:{Password}"));

    public static async Task<SharedImages> StartAsync()
    {
        var images = new SharedImages(await SandboxRegistry.StartAsync(null, default));
        using var connection = new RegistryConnection(images._registry.Url);
        var pusher = new ImagePusher(connection);
        for (var version = 1; version <= Versions; version++)
        {
            foreach (var fate in Enum.GetValues<Fate>())
            {
                var tag = Tag(version, fate);
                var image = Image("shop", tag, fate switch
                {
                    Fate.NeverReady => (ImageBehaviour.NeverReadyLabel, "true"),
                    Fate.Crashes => (ImageBehaviour.CrashLabel, "exit 1"),
                    _ => (ImageBehaviour.ReadyAfterLabel, "1s"),
                });
                images._byTag[tag] = image;
                images._tags[image.Digest] = tag;
                foreach (var blob in image.Blobs)
                {
                    images._blobs[ContentDigest.Of(blob.Span)] = blob;
                }

                await pusher.PushAsync(Repository, image, default, tag);
                await pusher.PushAsync("acme/smoke", Image("smoke", tag, fate == Fate.FailsChecks ? (ImageBehaviour.CrashLabel, "exit 3") : (ImageBehaviour.ExitAfterLabel, "1s")), default, tag);
            }
        }

        return images;
    }

    public static string Tag(int version, Fate fate) => $"1.{version}.{(int)fate}";

    public static int VersionOf(string tag) => int.Parse(tag.Split('.')[1], System.Globalization.CultureInfo.InvariantCulture);

    public static Fate FateOf(string tag) => (Fate)int.Parse(tag.Split('.')[2], System.Globalization.CultureInfo.InvariantCulture);

    public string Named(string tag) => $"{Address}/{Repository}:{tag}";

    public string DigestOf(string tag) => _byTag[tag].Digest;

    public string TagOf(string digest) => _tags[digest];

    /// <summary>The digest that an image reference of a workload stands for.</summary>
    public string DigestIn(string image) => image.Contains('@', StringComparison.Ordinal) ? image.Split('@')[1] : DigestOf(image.Split(':')[^1]);

    public HttpMessageHandler Transport(Func<IReadOnlyCollection<string>> pushed) => new Seen(this, pushed);

    public ValueTask DisposeAsync() => _registry.DisposeAsync();

    private static BuiltImage Image(string name, string tag, (string Name, string Value) label) =>
        new ImageBuilder().WithLabel("org.opencontainers.image.title", name).WithLabel("org.opencontainers.image.version", tag).WithLabel(label.Name, label.Value).Build();

    private sealed class Seen(SharedImages images, Func<IReadOnlyCollection<string>> pushed) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(Answer(request));

        private HttpResponseMessage Answer(HttpRequestMessage request)
        {
            if (request.Headers.Authorization?.Parameter != Login)
            {
                return new(HttpStatusCode.Unauthorized) { Headers = { WwwAuthenticate = { new AuthenticationHeaderValue("Basic", "realm=\"x\"") } } };
            }

            var path = request.RequestUri!.AbsolutePath;
            var (tags, name) = (pushed(), path.Split('/')[^1]);
            if (path == $"/v2/{Repository}/tags/list")
            {
                var list = new JsonObject { ["name"] = Repository, ["tags"] = new JsonArray([.. tags.Select(tag => (JsonNode?)tag)]) };
                return Bytes(Encoding.UTF8.GetBytes(list.ToJsonString()), "application/json", request.Method);
            }

            if (path.StartsWith($"/v2/{Repository}/manifests/", StringComparison.Ordinal))
            {
                var tag = images._tags.GetValueOrDefault(name, name);
                return tags.Contains(tag) ? Manifest(images._byTag[tag], request.Method) : new(HttpStatusCode.NotFound);
            }

            return images._blobs.TryGetValue(name, out var blob) ? Bytes(blob, "application/octet-stream", request.Method) : new(HttpStatusCode.NotFound);
        }

        private static HttpResponseMessage Manifest(BuiltImage image, HttpMethod method)
        {
            var answer = Bytes(image.Manifest, image.MediaType, method);
            answer.Headers.TryAddWithoutValidation("Docker-Content-Digest", image.Digest);
            return answer;
        }

        private static HttpResponseMessage Bytes(ReadOnlyMemory<byte> bytes, string type, HttpMethod method)
        {
            var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = method == HttpMethod.Head ? new ByteArrayContent([]) : new ReadOnlyMemoryContent(bytes) };
            answer.Content.Headers.ContentLength = bytes.Length;
            answer.Content.Headers.TryAddWithoutValidation("Content-Type", type);
            return answer;
        }
    }
}
