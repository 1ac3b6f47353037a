using System.Text.Json.Nodes;
using Slipway.Cli.CommandLine;
using Slipway.Sandbox.Registry;
using Slipway.Tests.Cli.Diagnosis;

namespace Slipway.Tests.Cli.CommandLine;

/// <summary>Each verb's help has examples that work: they are run over HTTP, on the sandbox's API server and registry.</summary>
public sealed class ExamplesOnSandboxTests
{
    // They stay until they are stopped: DemoTests, SandboxVerbTests and RunVerbTests run them.
    private static readonly string[] Staying = ["demo", "sandbox", "run"];

    // What waits for a controller, and what never ends, has tests of its own.
    private static readonly string[] Waiting = ["-w", "--watch", "--wait"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static IEnumerable<Verb> All() =>
        HelpExamples.Verbs(SlipwayCommand.Create(new Surroundings { Out = TextWriter.Null, Error = TextWriter.Null, In = TextReader.Null })).Where(verb => !Staying.Contains(verb.Name));

    private static string PathOf(Verb verb) => verb.Parents.OfType<System.CommandLine.Command>().FirstOrDefault() is { } above and not System.CommandLine.RootCommand ? $"{above.Name} {verb.Name}" : verb.Name;

    public static TheoryData<string> Paths => [.. All().Select(PathOf).Where(path => path != "crds")];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task The_examples_of_a_verb_work(string path)
    {
        await using var patient = await Patient.StartAsync();
        await using var registry = await SandboxRegistry.StartAsync(new SandboxRegistryOptions(), Stop);
        await patient.InstallAsync();
        await FillAsync(patient, path);
        var examples = HelpExamples.Of(All().Single(verb => PathOf(verb) == path)).Where(example => example.StartsWith($"slipway {path}", StringComparison.Ordinal) && Needs(example)).ToArray();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var (newer, older) = await PushAsync(registry);
            var digest = path == "tags move" ? older : newer;
            string[] words = [.. HelpExamples.Words(Ready(example))[1..].Where(word => !Waiting.Contains(word.Split('=')[0])).Select(word => word.Replace("ghcr.io", registry.Address, StringComparison.Ordinal).Replace(Samples.Digest120, path.StartsWith("tags", StringComparison.Ordinal) ? digest : Samples.Digest120, StringComparison.Ordinal))];
            var run = await CliRun.OfAsync(words, stdin: Stdin(path, example), connect: patient.Connect, time: TimeProvider.System);

            // A doctor who finds something to complain of has worked, too.
            Assert.True(run.Code == 0 || (path == "doctor" && run is { Code: 1, Error: "" }), $"{example}\nended with {run.Code}: {run.Error}{run.Out}");
        }
    }

    // A folder and a file of its reader's are not here.
    private static bool Needs(string example) => !example.Contains(" -f ", StringComparison.Ordinal) && !example.Contains("--config", StringComparison.Ordinal);

    private static string Ready(string example) => example.Replace(" --wait --timeout 10m", "", StringComparison.Ordinal).Replace(" --wait shop -n prod --timeout 15m", "", StringComparison.Ordinal);

    private static string Stdin(string path, string example) => path switch
    {
        "policy test" => "1.4.0\n1.5.0\nmain-9\nmain-10\n2026.01.9\n2026.01.10\nprod sha256:1f\n1.4.0 sha256:1f\n",
        "convert" => """{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop","namespace":"prod","annotations":{"keel.sh/policy":"minor"}},"spec":{"template":{"spec":{"containers":[{"name":"web","image":"registry.example/shop:1.0.0"}]}}}}""",
        _ when example.Contains("--password-stdin", StringComparison.Ordinal) => "s3cr3t\n",
        _ => "",
    };

    private static async Task FillAsync(Patient patient, string path)
    {
        var delivery = JsonNode.Parse(path switch { "watch" => Samples.Calm(), "retry" => Samples.RolledBack(), _ => Midway.Stepping() })!.AsObject();
        if (path is not ("watch" or "retry"))
        {
            delivery["status"]!["held"] = new JsonObject { ["reason"] = "AwaitingApproval", ["message"] = "it waits for a person" };
        }

        string[] releases =
        [
            Samples.Release(1, "1.0.0", Samples.Digest100, "Succeeded"), Samples.Release(2, "1.1.0", Samples.Digest110, "Succeeded"), Midway.FailedRelease(),
            .. path == "logs" ? Array.Empty<string>() : [Samples.Release(7, "1.0.1", Samples.Digest100, "Succeeded")],
        ];
        foreach (var json in releases.Select(release => JsonNode.Parse(release)!.AsObject()).Prepend(delivery))
        {
            foreach (var field in (string[])["uid", "generation", "creationTimestamp", "finalizers"])
            {
                json["metadata"]!.AsObject().Remove(field);
            }

            await patient.CreateAsync(json);
        }

        if (path == "unfreeze")
        {
            await patient.CreateAsync("""{"apiVersion":"slipway.dev/v1alpha1","kind":"Freeze","metadata":{"name":"sale"},"spec":{"reason":"summer sale"}}""");
        }
    }

    // Anew before each example: some of them take away what others need.
    private static async Task<(string Newer, string Older)> PushAsync(SandboxRegistry registry)
    {
        using var connection = new RegistryConnection(registry.Url, null);
        var pusher = new ImagePusher(connection);
        var newer = await pusher.PushAsync("acme/shop", new ImageBuilder().WithLabel("org.opencontainers.image.version", "1.5.0").Build(), Stop, "1.5.0", "pr-311");
        return (newer, await pusher.PushAsync("acme/shop", new ImageBuilder().WithLabel("org.opencontainers.image.version", "1.4.0").Build(), Stop, "1.4.0", "prod", "v1.4.0"));
    }
}
