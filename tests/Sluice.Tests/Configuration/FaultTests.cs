namespace Sluice.Tests.Configuration;

/// <summary>What a user reads when something is wrong: the place, the mistake, the way out.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly ConfigurationFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("sever: {}", "sluice.yaml:1:1: unknown key 'sever' at the top level; did you mean 'server'?")]
    [InlineData("server: { listn: 127.0.0.1:1 }", "sluice.yaml:1:11: unknown key 'listn' in server; did you mean 'listen'?")]
    [InlineData("keys: { zzz: 1 }", "sluice.yaml:1:9: unknown key 'zzz' in keys; known keys are required, pepper, unknown_state and groups")]
    [InlineData("server: { max_nesting: \"fifty\" }", "sluice.yaml:1:24: server.max_nesting: 'fifty' is not a whole number; write a whole number from 4 to 128")]
    [InlineData("server: { max_nesting: \"50\" }", "sluice.yaml:1:24: server.max_nesting: '50' stands in quotes and so is text, not a whole number; write 50 without quotes")]
    [InlineData("server: { max_nesting: 5.5 }", "sluice.yaml:1:24: server.max_nesting: '5.5' is not a whole number; write a whole number from 4 to 128")]
    [InlineData("server: { max_nesting: 1 }", "sluice.yaml:1:24: server.max_nesting: 1 is out of range; write a whole number from 4 to 128")]
    [InlineData("server: { shutdown_grace: 30 }", "sluice.yaml:1:27: server.shutdown_grace: '30' has no unit; write 30s or 30ms")]
    [InlineData("server: { shutdown_grace: 30 sec }", "sluice.yaml:1:27: server.shutdown_grace: '30 sec' is not a duration; write a time with its unit (ms, s, m, h, d) from 0s to 60m, such as 30s")]
    [InlineData("server: { shutdown_grace: 2h }", "sluice.yaml:1:27: server.shutdown_grace: 2h is out of range; write a time with its unit (ms, s, m, h, d) from 0s to 60m, such as 30s")]
    [InlineData("server: { max_request_body: 32 }", "sluice.yaml:1:29: server.max_request_body: '32' has no unit; write 32MiB or 32B")]
    [InlineData("admin: { enabled: yes }", "sluice.yaml:1:19: admin.enabled: 'yes' is not a truth value; write true or false")]
    [InlineData("server: { listen: example }", "sluice.yaml:1:19: server.listen: 'example' is not an address; write HOST:PORT with an IP address, such as 127.0.0.1:4000, [::1]:4000 or 0.0.0.0:4000")]
    [InlineData("server: { listen: }", "sluice.yaml:1:19: server.listen has no value; write HOST:PORT with an IP address, such as 127.0.0.1:4000, [::1]:4000 or 0.0.0.0:4000, or take the key out")]
    [InlineData("server: []", "sluice.yaml:1:9: server is a list; write keys below it: listen, https, hosts, cors ...")]
    [InlineData("server: on", "sluice.yaml:1:9: server is a single value; write keys below it: listen, https, hosts, cors ...")]
    [InlineData("transforms: {}", "sluice.yaml:1:13: transforms is a map of keys; write a list, each item after '- '")]
    [InlineData("logging: { level: warn }", "sluice.yaml:1:19: logging.level: 'warn' is not known here; did you mean 'warning'? Known are trace, debug, info, warning, error or none")]
    [InlineData("transforms: [{ on: request }]", "sluice.yaml:1:14: transforms[0] does nothing; write one of regex, drop, add, set or params")]
    [InlineData("transforms: [{ on: request, drop: $.a, regex: { pattern: a } }]", "sluice.yaml:1:29: transforms[0] has regex and drop; keep one; write a second entry for the other")]
    [InlineData("transforms: [{ on: request, drop: a.b }]", "sluice.yaml:1:35: transforms[0].drop: the JSONPath breaks at sign 1, 'a.b': a JSONPath begins with '$'; write a JSONPath that begins with '$', such as $.metadata.user")]
    [InlineData("transforms: [{ on: request, drop: '$.a[?(@.b=1)]' }]", "sluice.yaml:1:35: transforms[0].drop: the JSONPath breaks at sign 10, '=1)]': ')' was expected; write a JSONPath that begins with '$', such as $.metadata.user")]
    [InlineData("transforms: [{ on: request, drop: '$.a[0' }]", "sluice.yaml:1:35: transforms[0].drop: the JSONPath breaks off at its end: ',' or ']' was expected; write a JSONPath that begins with '$', such as $.metadata.user")]
    [InlineData("transforms: [{ on: request, drop: '$.a[-]' }]", "sluice.yaml:1:35: transforms[0].drop: '[-]' stands for a place where nothing is yet; write the elements that are meant, such as $.tools[*]")]
    [InlineData("transforms: [{ on: request, drop: '$' }]", "sluice.yaml:1:35: transforms[0].drop: the path stands for the whole document; write what is meant in it, such as $.metadata")]
    [InlineData("transforms: [{ on: request, add: { path: '$.a[0]', value: 1 } }]", "sluice.yaml:1:42: transforms[0].add.path: the path does not end with a name or '[-]', so nothing can be absent there; end it with a name, or use 'set'")]
    [InlineData("transforms: [{ on: request, set: { path: '$.model', value: b } }]", "sluice.yaml:1:42: transforms[0].set.path: 'model' has been read by the router when rules are applied; use a route (models) to send calls elsewhere")]
    [InlineData("transforms: [{ on: request, params: { force: { stream: true } } }]", "sluice.yaml:1:46: transforms[0].params.force: 'stream' has been read by the router when rules are applied; take it out")]
    [InlineData("transforms: [{ on: request, where: { dialects: [openai-chta] }, params: { drop: [n] } }]", "sluice.yaml:1:49: transforms[0].where.dialects: no dialect of clients fits 'openai-chta'; known are anthropic-count-tokens, anthropic-messages, gemini-count-tokens, gemini-embed, gemini-generate, ollama-chat, ollama-embed, ollama-generate, openai-chat, openai-completions, openai-embeddings, openai-input-tokens, openai-responses")]
    [InlineData("transforms: [{ on: request, regex: { pattern: '(?<=a)b' } }]", "sluice.yaml:1:47: transforms[0].regex.pattern: the expression needs backtracking (a lookaround, a backreference or an atomic group); write it without: a long text could stall the gateway")]
    [InlineData("transforms: [{ on: request, regex: { pattern: '(a' } }]", "sluice.yaml:1:47: transforms[0].regex.pattern: the expression is broken: at offset 2. Not enough )'s; write a .NET regular expression without lookarounds and backreferences")]
    [InlineData("transforms: [{ regex: { pattern: a } }]", "sluice.yaml:1:14: transforms[0] has no 'on'; write 'on:' with request or response")]
    [InlineData("transforms: [{ on: response, params: { drop: [n] } }]", "sluice.yaml:1:38: transforms[0].params: a response has no parameters; write on: request")]
    [InlineData("transforms: [{ on: request, drop: $.a, where: { routes: [smrt] } }]\nproviders: { ollama: }\nmodels: { smart: ollama/x }", "sluice.yaml:1:58: there is no route 'smrt'; did you mean 'smart'?")]
    [InlineData("defaults: { retry: { base_delay: 1m, max_delay: 1s } }", "sluice.yaml:1:34: defaults.retry: base_delay (60s) is longer than max_delay (1s); lower base_delay or raise max_delay")]
    [InlineData("defaults: { headers: { set: { Host: a } } }", "sluice.yaml:1:31: defaults.headers.set: Host belongs to the connection and cannot be set; take it out")]
    [InlineData("defaults: { headers: { set: { X-A: \"a\\r\\nX-B: b\" } } }", "sluice.yaml:1:36: defaults.headers.set.X-A: the value is not a header value; write text in one line without control signs")]
    [InlineData("defaults: { headers: { set: { \"X A\": a } } }", "sluice.yaml:1:31: 'X A' is not a header name; write letters, digits and '-'")]
    [InlineData("defaults: { headers: { forward: [Authorization] } }", "sluice.yaml:1:34: defaults.headers.forward: Authorization holds a credential and is never forwarded; use 'auth: passthrough' where the client's own key is to be used")]
    [InlineData("budgets: { daily: -1 }", "sluice.yaml:1:19: budgets.daily: -1 is out of range; write an amount in USD of at least 0")]
    [InlineData("budgets: { time_zone: Mars/Base }", "sluice.yaml:1:23: budgets.time_zone: 'Mars/Base' is not a time zone; write UTC or an IANA name such as Europe/Berlin")]
    [InlineData("server: { listen: 0.0.0.0:4000 }\nkeys: { required: false }", "sluice.yaml:2:19: server.listen is 0.0.0.0:4000, which others can reach, and keys.required is false: anyone could spend on your providers' keys; listen on 127.0.0.1, or set keys.required: true and make keys with 'sluice keys create'")]
    [InlineData("keys: { groups: { c: { parent: a }, a: { parent: b }, b: { parent: a } } }", "sluice.yaml:1:50: groups lie in themselves: a -> b -> a; take one 'parent' out")]
    [InlineData("keys: { groups: { team: { parent: orgg }, org: {} } }", "sluice.yaml:1:35: there is no group 'orgg'; did you mean 'org'?")]
    [InlineData("allow: { providers: [opnai] }\nproviders: { openai: { api_key: k } }", "sluice.yaml:1:22: there is no provider 'opnai'; did you mean 'openai'?")]
    [InlineData("allow: { models: [\"opnai/*\"] }\nproviders: { openai: { api_key: k } }", "sluice.yaml:1:19: there is no provider 'opnai'; did you mean 'openai'?")]
    [InlineData("server: { https: { certificate: /no/such.pem } }", "sluice.yaml:1:33: server.https.certificate: /no/such.pem does not exist; write the path of a file; relative ones start at the configuration file that names them")]
    public void Load_OneMistake_SaysWhereWhatAndWhatWouldBeRight(string yaml, string message) => folder.LoadFaults(yaml).ShouldBe([message]);

    [Theory]
    [InlineData("providers: { opnai: {} }", "sluice.yaml:1:14: the provider 'opnai' has no type, and its name is not one; did you mean 'openai'? Else write type: openai-compatible and base_url")]
    [InlineData("providers: { openai: {} }", "sluice.yaml:1:14: the provider 'openai' has no API key; set OPENAI_API_KEY (keys are made at https://platform.openai.com/api-keys), or write api_key, or take the provider out (enabled: false)")]
    [InlineData("providers: { x: { type: opena } }", "sluice.yaml:1:25: providers.x.type: 'opena' is not known here; did you mean 'openai'? Known are *")]
    [InlineData("providers: { lab: { type: openai-compatible } }", "sluice.yaml:1:14: the provider 'lab' of type openai-compatible has no address; write base_url: https://host/v1")]
    [InlineData("providers: { azure: { api_key: k } }", "sluice.yaml:1:14: the provider 'azure' of type azure has no address; write base_url: https://NAME.openai.azure.com")]
    [InlineData("providers: { bedrock: {} }", "sluice.yaml:1:14: the provider 'bedrock' has no region; write region, or set AWS_REGION")]
    [InlineData("providers: { vertex: { project: p } }", "sluice.yaml:1:14: the provider 'vertex' has no location; write project and location, or set GOOGLE_CLOUD_PROJECT and GOOGLE_CLOUD_LOCATION")]
    [InlineData("providers: { ollama: { base_url: 127.0.0.1:11434 } }", "sluice.yaml:1:34: providers.ollama.base_url: '127.0.0.1:11434' is not a URL; write an address that begins with http:// or https://")]
    [InlineData("providers: { openai: { api_key: ${NO_SUCH} } }", "sluice.yaml:1:33: the variable NO_SUCH is not set (providers.openai.api_key); set NO_SUCH, or switch the provider off (enabled: false)")]
    [InlineData("providers: { openai: { api_key: a, api_keys: [b] } }", "sluice.yaml:1:36: providers.openai has api_key and api_keys; keep one of api_key, api_keys and api_key_file")]
    [InlineData("providers: { openai: { api_key: a, auth: { scheme: bearer, header: X } } }", "sluice.yaml:1:60: providers.openai.auth has scheme and header; keep one of scheme, header and query")]
    [InlineData("providers: { openai: { api_key_file: no-such-file } }", "sluice.yaml:1:38: no-such-file cannot be read; check that the file exists")]
    [InlineData("providers: { openai: { api_keys: [] } }", "sluice.yaml:1:34: providers.openai.api_keys is an empty list; write at least one key")]
    [InlineData("providers: { a/b: { type: ollama } }", "sluice.yaml:1:14: 'a/b' is not a name; write up to 64 letters, digits, '-', '_' and '.', beginning with a letter or digit")]
    [InlineData("providers: { ollama: { limits: { rpm: \"fifty\" } } }", "sluice.yaml:1:39: providers.ollama.limits.rpm: 'fifty' is not a whole number; write a whole number of at least 1")]
    [InlineData("providers: { ollama: { price: { input: 1 } } }", "sluice.yaml:1:31: providers.ollama.price has no 'output'; write 'output:' with an amount in USD of at least 0")]
    public void Load_ProviderThatCannotWork_SaysWhy(string yaml, string message)
    {
        var faults = folder.LoadFaults(yaml);
        if (message.EndsWith('*')) faults.ShouldHaveSingleItem().ShouldStartWith(message[..^1]);
        else faults.ShouldBe([message]);
    }

    [Theory]
    [InlineData("models: { a: { targets: [] } }", "sluice.yaml:2:25: models.a.targets is an empty list; write at least one")]
    [InlineData("models: { a: { targets: [opnai/x] } }", "sluice.yaml:2:26: there is no provider 'opnai' for 'opnai/x'; did you mean 'openai'?")]
    [InlineData("models: { a: { targets: [gemini/x] } }", "sluice.yaml:2:26: there is no provider 'gemini' for 'gemini/x'; add it under providers: 'gemini: { api_key: \"${GEMINI_API_KEY}\" }'")]
    [InlineData("models: { a: { targets: [openai/m3] } }", "sluice.yaml:2:26: the provider 'openai' has no model 'm3'; did you mean 'm1'? (see providers.openai.models)")]
    [InlineData("models: { a: { targets: [openai/] } }", "sluice.yaml:2:26: 'openai/' names no model; write provider/model")]
    [InlineData("models: { a: { targets: [nothing] } }", "sluice.yaml:2:26: 'nothing' is neither a route nor provider/model; write provider/model, e.g. openai/gpt-5.4-mini")]
    [InlineData("models: { a: { targets: [a] } }", "sluice.yaml:2:11: routes lead back to themselves: a -> a; take one of these targets out")]
    [InlineData("models: { a: { targets: [b] }, b: { targets: [c] }, c: { targets: [b] } }", "sluice.yaml:2:32: routes lead back to themselves: b -> c -> b; take one of these targets out")]
    [InlineData("models: { a: { targets: [openai/m1, openai/m2, openai/m1] } }", "sluice.yaml:2:48: 'openai/m1' can never be reached: it stands in this list before; take one out; retry.max_attempts repeats a target")]
    [InlineData("models: { a: { strategy: conditional, targets: [openai/m1, openai/m2] } }", "sluice.yaml:2:60: 'openai/m2' can never be reached: 'openai/m1' before it has no 'when' and takes every call; move the target without 'when' to the end, or use strategy: fallback")]
    [InlineData("allow: { providers: [openai] }\nmodels: { a: { targets: [openai/m1, local/x] } }", "sluice.yaml:3:37: 'local/x' can never be reached: allow.providers does not name 'local'; add local to allow.providers, or switch the target off (enabled: false)")]
    [InlineData("allow: { models: [\"openai/*\"] }\nmodels: { a: { targets: [openai/m1, { model: local/x }] } }", "sluice.yaml:3:46: 'local/x' can never be reached: allow.models does not cover it; add it to allow.models, or switch the target off (enabled: false)")]
    [InlineData("models: { a: { targets: [{ model: openai/m1, enabled: false }] } }", "sluice.yaml:2:11: the route 'a' has no target that is switched on; switch one on, or the route off (enabled: false)")]
    [InlineData("models: { a: { strategy: weighted, targets: [{ model: openai/m1, weight: 0 }] } }", "sluice.yaml:2:11: all weights of the route 'a' are 0; give one target a weight")]
    [InlineData("models: { a: opnai/x }", "sluice.yaml:2:14: there is no provider 'opnai' for 'opnai/x'; did you mean 'openai'?")]
    [InlineData("models: { a: { targets: [openai/m1], hedge: { after: soon } } }", "sluice.yaml:2:54: models.a.hedge.after: 'soon' is not a duration or percentile; write a time such as 2s or a percentile such as p95")]
    [InlineData("models: { a: { targets: [openai/m1], canary: { model: locl/x, percent: 5 } } }", "sluice.yaml:2:55: there is no provider 'locl' for 'locl/x'; did you mean 'local'?")]
    public void Load_RouteThatLeadsNowhere_SaysWhy(string yaml, string message) =>
        folder.LoadFaults("providers: { openai: { api_key: k, models: [m1, m2] }, local: { type: ollama } }\n" + yaml).ShouldBe([message]);

    [Fact]
    public void Load_SeveralMistakes_TellsAllOfThemFromTopToBottom()
    {
        var faults = folder.LoadFaults("""
            server: { listen: nowhere, max_nesting: 1 }
            providers:
              openai: { api_key: ${MISSING}, limits: { rpm: "x" } }
              lab: {}
            models:
              a: { targets: [lab/x, nope/y], stratgy: fallback }
            loging: {}
            """);

        faults.Select(fault => fault.Split(' ')[0]).ShouldBe(
            ["sluice.yaml:1:19:", "sluice.yaml:1:41:", "sluice.yaml:3:22:", "sluice.yaml:3:49:", "sluice.yaml:4:3:", "sluice.yaml:6:25:", "sluice.yaml:6:34:", "sluice.yaml:7:1:"]);
    }

    [Fact]
    public void Load_DisabledProvider_NeedsNoVariableAndNoKey()
    {
        var result = folder.Write("sluice.yaml", "providers: { openai: { enabled: false, api_key: ${NOT_SET} }, xai: { enabled: false }, local: { type: ollama } }\nmodels: { a: { targets: [openai/x, local/y] } }").Load();

        result.Faults.ShouldBeEmpty();
        result.Config!.Providers["openai"].ApiKeys.ShouldBeEmpty();
        result.Warnings.ShouldHaveSingleItem().ToString().ShouldBe("sluice.yaml:2:26: warning: 'openai/x' is never tried: the provider 'openai' is switched off");
    }

    [Fact]
    public void Load_UnverifiedTls_Warns() =>
        folder.Write("sluice.yaml", "providers: { local: { type: ollama, tls: { verify: false } } }").Load().Warnings.ShouldHaveSingleItem().What
            .ShouldBe("certificates of 'local' are not verified: anyone on the way can read its key and its answers");

    [Theory]
    [InlineData("providers: { openai: { api_key: ${PLANTED}, limits: { rpm: ${PLANTED} } } }")]
    [InlineData("providers: { openai: { type: ${PLANTED}, api_key: [${PLANTED}] } }")]
    [InlineData("providers: { openai: { api_key: \"${PLANTED}\\n\", timeout: { total: ${PLANTED} } } }")]
    [InlineData("providers: { openai: { base_url: \"http://u:sk-planted-1234567890@host\" } }")]
    [InlineData("providers: { openai: { proxy: \"sk-planted-1234567890\" } }")]
    [InlineData("server: { listen: sk-planted-1234567890 }")]
    [InlineData("server: { sk-planted-1234567890: 1 }")]
    [InlineData("models: { a: { targets: [ sk-planted-1234567890/x ] } }")]
    [InlineData("storage: { postgres: { sk-planted-1234567890: 5 } }")]
    [InlineData("models: { a: ${PLANTED} }")]
    [InlineData("logging: { level: ${PLANTED} }")]
    [InlineData("providers: { openai: { api_key: x, headers: { set: { Authorization: \"Bearer ${PLANTED}\\n\" } } } }")]
    public void Load_SecretInTheWrongPlace_IsNotRepeated(string yaml)
    {
        folder.Set("PLANTED", "sk-planted-1234567890");
        var result = folder.Write("sluice.yaml", yaml).Load();

        result.Faults.ShouldNotBeEmpty();
        result.Faults.ShouldAllBe(fault => !fault.What.Contains("planted") && !fault.Remedy.Contains("planted"));
        result.Warnings.ShouldAllBe(warning => !warning.What.Contains("planted"));
    }
}
