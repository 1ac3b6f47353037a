using System.CommandLine;
using System.Text.Json.Nodes;
using Slipway.Cli.CommandLine;
using Slipway.Cli.Migration;
using Slipway.Cli.Output;

namespace Slipway.Cli.Verbs;

/// <summary><c>slipway convert</c></summary>
internal static class ConvertVerb
{
    private const string Lesson =
        """
        It reads kcd's KCD and ContainerVersion, keel's annotations and labels, Flux's ImageRepository and
        ImagePolicy, Argo CD Image Updater's annotations and ImageUpdater resources. What does not carry
        over is a comment above the Delivery, and a line on stderr. Give it the workloads too: Flux and
        Argo CD name none, and are told apart by their images. No cluster is asked. Exit code 1 means
        that something could not be converted.

        Examples:
          kubectl get deploy,sts,ds,cj -A -o yaml | slipway convert > deliveries.yaml
          slipway convert -f apps/ -f flux-system/images.yaml
          kubectl get imagerepositories,imagepolicies,deployments -A -o yaml | slipway convert -o json
        """;

    public static Command Create(Surroundings surroundings)
    {
        var files = new Option<string[]>("--filename", "-f")
        {
            Description = "a file or a folder of .yaml, .yml and .json; - is stdin, as is none; may be repeated",
            HelpName = "file",
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "json has the notes as fields",
            HelpName = "yaml|json",
            DefaultValueFactory = _ => "yaml",
        };
        output.AcceptOnlyFromAmong("yaml", "json");
        var command = new Verb("convert", "Make Deliveries of what kcd, keel, Flux or Argo CD Image Updater were told.", Lesson) { files, output };
        command.SetAction(parse =>
        {
            var fleet = new Fleet(Read(parse.GetValue(files) ?? [], surroundings));
            Conversion[] made = [.. Kcd.Convert(fleet), .. Keel.Convert(fleet), .. FluxImages.Convert(fleet), .. ArgoImageUpdater.Convert(fleet)];
            if (made.Length == 0)
            {
                throw new VerbException(ExitCode.Failed, $"among {fleet.Manifests.Count} objects is nothing that kcd, keel, Flux or Argo CD Image Updater would act on");
            }

            if (parse.GetValue(output) == "json")
            {
                surroundings.Out.Write(JsonText.Of(new JsonObject { ["conversions"] = new JsonArray([.. made.Select(conversion => (JsonNode?)conversion.ToJson())]) }));
            }
            else
            {
                surroundings.Out.Write(string.Concat(made.Select(Text)));
            }

            foreach (var (conversion, note) in made.SelectMany(conversion => conversion.Notes.Select(note => (conversion, note))))
            {
                surroundings.Error.WriteLine($"{conversion.From}: {note}");
            }

            return made.All(conversion => conversion.Done) ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static string Text(Conversion conversion)
    {
        var comments = string.Concat(conversion.Notes.Select(note => $"# - {Comment(note.ToString())}\n"));
        var head = $"---\n# from {Comment(conversion.From)} ({conversion.Peer})\n{comments}";
        return conversion.Manifest() is { } delivery ? head + YamlText.Of(delivery) : head + "# nothing is made of it\n";
    }

    // Values are the peers' users': a line break in one would be a line of the document.
    private static string Comment(string text) => string.Join("\\n", text.Split('\n', '\r'));

    private static List<Manifest> Read(string[] files, Surroundings surroundings) =>
        [.. (files.Length == 0 ? ["-"] : files.SelectMany(Expand)).SelectMany(file => Read(file, surroundings))];

    private static IEnumerable<string> Expand(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json").Order(StringComparer.Ordinal)
        : [path];

    private static IReadOnlyList<Manifest> Read(string file, Surroundings surroundings)
    {
        if (file == "-")
        {
            return ManifestReader.Read(surroundings.In);
        }

        try
        {
            using var text = File.OpenText(file);
            return ManifestReader.Read(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VerbException(ExitCode.Usage, $"{file} cannot be read: {e.Message}");
        }
        catch (VerbException e)
        {
            throw new VerbException(e.ExitCode, $"{file}: {e.Message}");
        }
    }
}
