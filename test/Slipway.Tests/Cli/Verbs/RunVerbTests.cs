using Slipway.Cli.CommandLine;
using Slipway.Controller.Options;

namespace Slipway.Tests.Cli.Verbs;

public sealed class RunVerbTests
{
    private static async Task<ControllerOptions> OptionsAsync(string[] args, params (string Name, string Value)[] environment)
    {
        ControllerOptions? seen = null;
        var surroundings = new Surroundings
        {
            Out = TextWriter.Null,
            Error = TextWriter.Null,
            In = TextReader.Null,
            Environment = name => environment.FirstOrDefault(variable => variable.Name == name).Value,
            Run = (options, _) =>
            {
                seen = options;
                return Task.CompletedTask;
            },
        };

        Assert.Equal(0, await SlipwayCommand.RunAsync(["run", .. args], surroundings, TestContext.Current.CancellationToken));
        return seen!;
    }

    [Fact]
    public async Task By_default_it_looks_after_everything_and_is_heard_on_this_machine_only()
    {
        var options = await OptionsAsync([]);

        Assert.Equal((null, "http://127.0.0.1:8080", LogFormat.Line, null), (options.Namespace, options.Listen, options.Logs, options.WebhookToken));
        Assert.NotEmpty(options.Identity);
    }

    [Fact]
    public async Task Flags_say_where_and_for_whom()
    {
        var options = await OptionsAsync(
            ["--kubeconfig", "k", "--context", "c", "-n", "prod", "--listen", "http://0.0.0.0:1", "--lease-namespace", "l", "--plain-http-registry", "a:1", "--plain-http-registry", "b", "--log-format", "json"]);

        Assert.Equal(("k", "c", "prod", "http://0.0.0.0:1", "l", LogFormat.Json), (options.Kubeconfig, options.Context, options.Namespace, options.Listen, options.LeaseNamespace, options.Logs));
        Assert.Equal(["a:1", "b"], options.PlainHttpRegistries);
    }

    [Fact]
    public async Task The_configuration_file_is_named_by_a_flag_or_by_the_environment()
    {
        Assert.Null((await OptionsAsync([])).Config);
        Assert.Equal("flag.yaml", (await OptionsAsync(["--config", "flag.yaml"], ("SLIPWAY_CONFIG", "variable.yaml"))).Config);
        Assert.Equal("variable.yaml", (await OptionsAsync([], ("SLIPWAY_CONFIG", "variable.yaml"))).Config);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_read_ends_it_before_it_begins()
    {
        var error = new StringWriter();
        var surroundings = new Surroundings { Out = TextWriter.Null, Error = error, In = TextReader.Null, Environment = _ => null };

        Assert.Equal(ExitCode.Usage, await SlipwayCommand.RunAsync(["run", "--config", "/nowhere/slipway.yaml"], surroundings, TestContext.Current.CancellationToken));
        Assert.Contains("cannot read the configuration /nowhere/slipway.yaml", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("--config", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_flag_says_is_taken_from_the_environment()
    {
        var options = await OptionsAsync(
            ["--namespace", "flag"],
            ("SLIPWAY_WATCH_NAMESPACE", "variable"), ("SLIPWAY_LISTEN", "http://0.0.0.0:2"), ("SLIPWAY_WEBHOOK_TOKEN", "secret"), ("SLIPWAY_PLAIN_HTTP_REGISTRIES", "r:1"), ("SLIPWAY_LOG_FORMAT", "json"));

        Assert.Equal(("flag", "http://0.0.0.0:2", "secret", LogFormat.Json), (options.Namespace, options.Listen, options.WebhookToken, options.Logs));
        Assert.Equal(["r:1"], options.PlainHttpRegistries);
    }
}
