using System.CommandLine;
using System.Globalization;
using Slipway.Packaging;
using Slipway.Sandbox.Registry;

var debian = Required("--debian", "directory of unpacked packages, each with its control file beside it");
var published = Required("--published", "what dotnet publish src/Slipway.Controller has made");
var assets = new Option<string[]>("--assets") { Description = "project.assets.json of a project whose packages are compiled in; may be repeated", HelpName = "file" };
var version = Required("--version-tag", "of the product; the image's tag in the layout");
var revision = Required("--revision", "the commit that it is built of");
var created = new Option<long>("--created") { Description = "when that was made, in seconds since 1970", HelpName = "seconds", Required = true };
var output = Required("--out", "directory for the image layout and the bill of materials; made anew");
var push = new Option<string?>("--push") { Description = "also push it: HOST/REPOSITORY:TAG; SLIPWAY_REGISTRY_USER and SLIPWAY_REGISTRY_PASSWORD sign in", HelpName = "reference" };
var plain = new Option<bool>("--plain-http") { Description = "the registry of --push has no TLS" };

var command = new RootCommand("Makes the controller's image of files that are there already. eng/image/build fetches them and calls this.")
{
    debian, published, assets, version, revision, created, output, push, plain,
};
command.SetAction(async (parsed, cancellationToken) =>
{
    try
    {
        var facts = new ImageFacts(parsed.GetRequiredValue(version), parsed.GetRequiredValue(revision), DateTimeOffset.FromUnixTimeSeconds(parsed.GetValue(created)));
        var packages = DebianPackage.ReadAll(parsed.GetRequiredValue(debian));
        var image = ControllerImage.Of(packages, parsed.GetRequiredValue(published), facts);
        var components = packages.Select(Component.Of).Concat((parsed.GetValue(assets) ?? []).SelectMany(NugetPackages.Of).Select(Component.Of)).ToArray();
        var sbom = Sbom.Of(image.Digest, facts.Version, facts.Created, components);
        var attachment = ControllerImage.Attachment(image, Sbom.MediaType, sbom);
        var folder = parsed.GetRequiredValue(output);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        OciLayout.Write(folder, facts.Version, image, attachment);
        await File.WriteAllTextAsync(Path.Combine(folder, "sbom.spdx.json"), sbom.ToJsonString(), cancellationToken);
        if (parsed.GetValue(push) is { } reference)
        {
            await PushAsync(reference, parsed.GetValue(plain), image, attachment, cancellationToken);
        }

        Tell(image, components.Length);
        return 0;
    }
    catch (Exception e) when (e is PackagingException or HttpRequestException)
    {
        await Console.Error.WriteLineAsync($"slipway-packaging: {e.Message}");
        return 1;
    }
});
return await command.Parse(args).InvokeAsync();

static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true, HelpName = name.TrimStart('-') };

static async Task PushAsync(string reference, bool plain, BuiltImage image, BuiltImage attachment, CancellationToken cancellationToken)
{
    if (reference.Split('/', 2) is not [var host, var rest] || rest.LastIndexOf(':') is not (> 0 and var colon))
    {
        throw new PackagingException($"--push {reference}: write HOST/REPOSITORY:TAG");
    }

    var (user, password) = (Environment.GetEnvironmentVariable("SLIPWAY_REGISTRY_USER"), Environment.GetEnvironmentVariable("SLIPWAY_REGISTRY_PASSWORD"));
    using var connection = new RegistryConnection(new Uri($"{(plain ? "http" : "https")}://{host}"), user is null || password is null ? null : new RegistryLogin(user, password));
    var pusher = new ImagePusher(connection);
    await pusher.PushAsync(rest[..colon], image, cancellationToken, rest[(colon + 1)..]);

    // A registry without the referrers API finds it by this tag (OCI distribution spec 1.1, "Referrers Tag Schema").
    await pusher.PushAsync(rest[..colon], attachment, cancellationToken);
}

static void Tell(BuiltImage image, int components)
{
    Console.WriteLine(image.Digest);
    var layers = image.Blobs.Skip(1).Select(blob => string.Create(CultureInfo.InvariantCulture, $"{blob.Length / 1024.0 / 1024:0.00} MiB")).ToArray();
    Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{image.Blobs.Sum(blob => (long)blob.Length) / 1024.0 / 1024:0.00} MiB: Debian {layers[0]}, dashboard {layers[1]}, program {layers[2]}; {components} parts in its bill of materials"));
}
