using Slipway.Kube;

namespace Slipway.Tests.Kube;

public sealed class KubeconfigTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slipway-kubeconfig-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Config(string context, string server, string user = "token: t0ken", string ns = "") => $"""
        apiVersion: v1
        kind: Config
        current-context: {context}
        contexts:
        - name: {context}
          context: {"{"}cluster: {context}-cluster, user: {context}-user{(ns.Length > 0 ? $", namespace: {ns}" : "")}{"}"}
        clusters:
        - name: {context}-cluster
          cluster: {"{"}server: "{server}"{"}"}
        users:
        - name: {context}-user
          user: {"{"}{user}{"}"}
        """;

    private ConnectionOptions Options(string? kubeconfig = null, string? context = null, string? variable = null) => new()
    {
        Kubeconfig = kubeconfig,
        Context = context,
        Environment = name => name switch { "KUBECONFIG" => variable, "HOME" => _folder.FullName, _ => null },
    };

    private static string Refusal(ConnectionOptions options) => Assert.Throws<ConnectionException>(() => ClusterConnection.Open(options)).Message;

    [Fact]
    public void A_named_file_comes_before_all_others()
    {
        Write(".kube/config", Config("home", "http://home:1"));
        var named = Write("named", Config("named", "http://named:1", ns: "prod"));

        using var connection = ClusterConnection.Open(Options(named, variable: Write("variable", Config("variable", "http://variable:1"))));

        Assert.Equal(("http://named:1/", "prod"), (connection.Server.AbsoluteUri, connection.Namespace));
        Assert.Equal($"context named of {named}", connection.Origin);
    }

    [Fact]
    public void Then_the_variable_then_the_home()
    {
        Write(".kube/config", Config("home", "http://home:1"));
        using var variable = ClusterConnection.Open(Options(variable: Write("variable", Config("variable", "http://variable:1"))));
        using var home = ClusterConnection.Open(Options());

        Assert.Equal("http://variable:1/", variable.Server.AbsoluteUri);
        Assert.Equal(("http://home:1/", "default"), (home.Server.AbsoluteUri, home.Namespace));
    }

    [Fact]
    public void In_a_list_the_first_file_wins_and_missing_files_are_passed_over()
    {
        var first = Write("first", Config("a", "http://first:1"));
        var second = Write("second", Config("a", "http://second:1") + "\n" + "preferences: {}");
        var third = Write("third", Config("b", "http://third:1"));
        var list = string.Join(Path.PathSeparator, Path.Combine(_folder.FullName, "missing"), first, second, third);

        using var current = ClusterConnection.Open(Options(variable: list));
        using var other = ClusterConnection.Open(Options(context: "b", variable: list));

        Assert.Equal("http://first:1/", current.Server.AbsoluteUri);
        Assert.Equal("http://third:1/", other.Server.AbsoluteUri);
    }

    [Fact]
    public void Where_there_is_none_the_message_says_where_it_looked_and_the_way_out()
    {
        var path = Path.Combine(_folder.FullName, "x");

        Assert.Equal($"no kubeconfig at {path}; set KUBECONFIG or pass --kubeconfig", Refusal(Options(path)));
        Assert.Equal($"KUBECONFIG names {path}, and no such file exists; set KUBECONFIG or pass --kubeconfig", Refusal(Options(variable: path)));
        Assert.Equal($"no kubeconfig at {_folder.FullName}/.kube/config, and this is not a pod; set KUBECONFIG or pass --kubeconfig", Refusal(Options()));
    }

    [Fact]
    public void A_context_that_is_not_there_names_those_that_are()
    {
        var file = Write("c", Config("a", "http://a:1"));

        Assert.Equal($"kubeconfig {file} has no context \"b\"; pass --context (there is: a)", Refusal(Options(file, "b")));
        Assert.Contains("has no current context; pass --context (there is: a)", Refusal(Options(Write("d", Config("a", "http://a:1").Replace("current-context: a", "current-context: \"\"", StringComparison.Ordinal)))));
    }

    [Theory]
    [InlineData("{{{")]
    [InlineData("- just\n- a list")]
    [InlineData("")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: nowhere}}]")]
    [InlineData("current-context: a\ncontexts: [{name: a}]")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {}}]")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'not a url'}}]")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://x', certificate-authority: missing.pem}}]")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c}}]\nclusters: [{name: c, cluster: {server: 'https://x', certificate-authority-data: bm90IGEgY2VydA==}}]")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://x'}}]\nusers: [{name: u, user: {client-certificate: no.crt, client-key: no.key}}]")]
    [InlineData("current-context: a\ncontexts: [{name: a, context: {cluster: c, user: u}}]\nclusters: [{name: c, cluster: {server: 'https://x'}}]\nusers: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: /no/such/plugin}}}]")]
    public void A_file_that_makes_no_sense_is_refused_by_its_name(string text)
    {
        var file = Write("broken", text);

        Assert.Contains(file, Refusal(Options(file)));
    }

    [Theory]
    [InlineData("token: t0ken", "Bearer t0ken")]
    [InlineData("username: ada, password: s3cret", "Basic YWRhOnMzY3JldA==")]
    [InlineData("", null)]
    public async Task The_user_s_credentials_go_on_every_request(string user, string? expected)
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(Answers.ThingJson("shop", "1")));
        using var connection = ClusterConnection.Open(Options(Write("c", Config("a", server.Address.AbsoluteUri, user))));

        await Answers.Client(connection).GetAsync(new ObjectKey("prod", "shop"), Ct);

        Assert.Equal(expected, Assert.Single(server.Requests).Headers.GetValueOrDefault("Authorization"));
    }

    [Fact]
    public async Task A_credential_plugin_is_asked_for_its_token()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the plugin is a shell script");
        var plugin = Write("plugin.sh", "#!/bin/sh\necho '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"from-plugin\"}}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(Answers.ThingJson("shop", "1")));
        using var connection = ClusterConnection.Open(Options(Write("c", Config("a", server.Address.AbsoluteUri, $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: {plugin}, interactiveMode: Never}}"))));

        await Answers.Client(connection).GetAsync(new ObjectKey("prod", "shop"), Ct);

        Assert.Equal("Bearer from-plugin", Assert.Single(server.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task Arguments_of_a_plugin_stay_what_they_are_and_its_path_starts_at_the_file()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the plugin is a shell script");
        var plugin = Write("plugin.sh", "#!/bin/sh\nprintf '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"%s-%s-%s\"}}' \"$#\" \"$(printf %s \"$1\" | wc -c)\" \"$(printf %s \"$2\" | wc -c)\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(plugin, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(Answers.ThingJson("shop", "1")));
        using var connection = ClusterConnection.Open(Options(Write("c", Config("a", server.Address.AbsoluteUri, """exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin.sh, args: ['a "b" \ c\" d\', ''], interactiveMode: Never}"""))));

        await Answers.Client(connection).GetAsync(new ObjectKey("prod", "shop"), Ct);

        Assert.Equal("Bearer 2-14-0", Assert.Single(server.Requests).Headers["Authorization"]);
    }

    [Theory]
    [InlineData("tokenFile: the-token")]
    [InlineData("token: stale, tokenFile: the-token")]
    public async Task A_token_file_is_read_and_comes_before_a_token(string user)
    {
        Write("the-token", "from-file\n");
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(Answers.ThingJson("shop", "1")));
        using var connection = ClusterConnection.Open(Options(Write("c", Config("a", server.Address.AbsoluteUri, user))));

        await Answers.Client(connection).GetAsync(new ObjectKey("prod", "shop"), Ct);

        Assert.Equal("Bearer from-file", Assert.Single(server.Requests).Headers["Authorization"]);
    }

    [Fact]
    public async Task A_token_file_that_is_gone_is_told_with_the_request()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync("{}"));
        using var connection = ClusterConnection.Open(Options(Write("c", Config("a", server.Address.AbsoluteUri, "tokenFile: missing-token"))));

        var error = await Assert.ThrowsAsync<KubeException>(() => Answers.Client(connection).GetAsync(new ObjectKey("prod", "shop"), Ct));

        Assert.Contains("missing-token", error.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_server_below_a_path_is_asked_below_it()
    {
        await using var server = await ScriptedServer.StartAsync((context, _) => context.JsonAsync(Answers.ThingJson("shop", "1")));
        using var connection = ClusterConnection.Open(Options(Write("c", Config("a", $"{server.Address.AbsoluteUri}k8s/clusters/c-1/"))));

        await Answers.Client(connection).GetAsync(new ObjectKey("prod", "shop"), Ct);

        Assert.Equal("/k8s/clusters/c-1/apis/example.dev/v1/namespaces/prod/things/shop", Assert.Single(server.Requests).Path);
    }
}
