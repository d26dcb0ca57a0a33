using System.Text;
using Sluice.Engine;
using Sluice.Routing;
using Sluice.Transforms;
using Sluice.Transforms.Json;
using Sluice.Upstream;

namespace Sluice.Explaining;

/// <summary>Prepares a call for a target as an attempt would, and says what was done to it on the way.</summary>
internal sealed class TargetExplainer(TimeProvider time, Random random)
{
    private readonly AttemptRunner _runner = Runner(time, random);

    public TargetExplanation Explain(CallContext call, TargetModel target)
    {
        using var never = new CancellationTokenSource();
        var attempt = new Attempt(new CallFlow(call, new ShadowSink(never), never.Token), target);
        var mask = call.Gateway.Secrets;
        var explained = new TargetExplanation { Target = target.Id, Rules = RuleEffects.Of(attempt) };
        if (target.Transforms is { } transforms && CallTransforms.Request(attempt, transforms) is { } spoiled) return explained with { Refusal = spoiled.Message };
        if (LocalCount.Serves(call, target)) return explained with { Refusal = "nothing: the provider counts no tokens, so the gateway answers with an estimate" };
        var preparation = _runner.Prepare(attempt);
        if (preparation.Request is not { } request) return explained with { Refusal = mask.Mask(preparation.Error!.Message) };
        using (request)
        {
            var key = target.Provider.Authenticator.IsPassthrough ? null : target.Provider.Keys.Choose(target.Model, default).Key;
            using var message = UpstreamMessage.Create(attempt, key, request);
            using var bare = UpstreamMessage.Create(attempt, key, request, withRules: false);
            var headers = HeaderTexts.Of(message, target, mask);
            return explained with
            {
                Lane = request.Lane,
                UpstreamFormat = request.Format.Id,
                Members = request.Lane == Lane.Translated ? [] : Changes(attempt.Members.Body, request.Body),
                Headers = HeaderTexts.Changes(HeaderTexts.Of(bare, target, mask), headers),
                Losses = CallTransforms.Losses(attempt, request.Losses)?.Losses ?? [],
                Request = new UpstreamRequest(message.Method.Method, mask.Mask(message.RequestUri!.AbsoluteUri), headers, mask.Mask(Encoding.UTF8.GetString(request.Body.Span))),
            };
        }
    }

    private static AttemptRunner Runner(TimeProvider time, Random random)
    {
        var memory = new ConversationMemory(time);
        return new AttemptRunner(new TranslatedPreparer(memory, new IdSource(random), time), memory, new EngineStop(), time);
    }

    private static List<Effect> Changes(ReadOnlyMemory<byte> before, ReadOnlyMemory<byte> after)
    {
        var changes = new List<Effect>();
        if (JsonTree.Parse(before) is not { } old || JsonTree.Parse(after) is not { } now) return changes;
        var (had, has) = (ByName(old), ByName(now));
        foreach (int member in old.Children(JsonTree.Root))
        {
            string name = old.Name(member);
            if (!has.TryGetValue(name, out int left)) changes.Add(new Effect(name, "taken away"));
            else if (!old.Raw(member).SequenceEqual(now.Raw(left))) changes.Add(new Effect(name, "changed"));
        }
        changes.AddRange(has.Keys.Where(name => !had.ContainsKey(name)).Select(name => new Effect(name, "put in")));
        return changes;
    }

    // Of a name that stands twice the last one counts.
    private static OrderedDictionary<string, int> ByName(JsonTree tree)
    {
        var members = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach (int member in tree.Children(JsonTree.Root)) members[tree.Name(member)] = member;
        return members;
    }
}
