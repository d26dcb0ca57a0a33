using Sluice.Chat;
using Sluice.Conversations;
using Sluice.TestKit;

namespace Sluice.Tests.Conversations;

public sealed class SignatureVaultTests
{
    private static readonly Signature Thought = new("dGhvdWdodA==", "anthropic");

    private readonly ManualTime _time = new();

    private static ReasoningPart Thinking(string text, Signature? signature = null) => new(text) { Signature = signature ?? Thought };

    private static ChatResponse Answer(params Part[] parts) => new() { Candidates = [new Candidate { Parts = parts }] };

    private static ChatRequest Ask(params ChatMessage[] messages) => new() { Model = "m", Messages = [new ChatMessage(Role.User, [new TextPart("hi")]), .. messages] };

    private static ChatMessage Said(params Part[] parts) => new(Role.Assistant, parts);

    private static ToolCallPart Call(string id) => new(id, "f", "{}");

    private static string Outline(ChatRequest request) => string.Join(' ', request.Messages.Skip(1).SelectMany(m => m.Parts).Select(p => p switch
    {
        ReasoningPart r => $"think:{r.Text}{(r.Signature is null ? "?" : "")}",
        TextPart t => $"text:{t.Text}",
        ToolCallPart c => $"call:{c.CallId}{(c.Signature is null ? "" : "!")}",
        _ => p.GetType().Name,
    }));

    private SignatureVault Vault(ConversationBounds? bounds = null) => new(bounds ?? new ConversationBounds(), _time);

    [Fact]
    public void Restore_TurnWithoutItsReasoning_GetsItBackInPlace()
    {
        var vault = Vault();
        vault.Remember(Answer(Thinking("first"), new TextPart("Looking."), Call("c1"), Thinking("second"), Call("c2")), "ann");

        var restored = vault.Restore(Ask(Said(new TextPart("Looking."), Call("c1"), Call("c2"))), "ann", "anthropic");

        Outline(restored).ShouldBe("think:first text:Looking. call:c1 think:second call:c2");
    }

    [Fact]
    public void Restore_TurnInSeveralMessages_IsOneTurn()
    {
        var vault = Vault();
        vault.Remember(Answer(Thinking("first"), new TextPart("Looking."), Call("c1"), Call("c2")), "ann");

        var restored = vault.Restore(Ask(Said(new TextPart("Looking.")), Said(Call("c1")), Said(Call("c2")), new ChatMessage(Role.Tool, [new ToolResultPart("c1", [])])), "ann");

        restored.Messages[1].Parts.Select(p => p.GetType().Name).ShouldBe(["ReasoningPart", "TextPart"]);
        restored.Messages.SelectMany(m => m.Parts).Count(p => p is ReasoningPart).ShouldBe(1);
    }

    [Fact]
    public void Restore_EveryTurnOfALoop_GetsItsOwn()
    {
        var vault = Vault();
        for (int i = 1; i <= 5; i++) vault.Remember(Answer(Thinking($"step{i}"), Call($"c{i}")), "ann");

        var restored = vault.Restore(Ask([.. Enumerable.Range(1, 5).SelectMany(i => new[] { Said(Call($"c{i}")), new ChatMessage(Role.Tool, [new ToolResultPart($"c{i}", [])]) })]), "ann");

        Outline(restored).Replace(" ToolResultPart", "", StringComparison.Ordinal).ShouldBe("think:step1 call:c1 think:step2 call:c2 think:step3 call:c3 think:step4 call:c4 think:step5 call:c5");
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 16)]
    public void Restore_RepeatedCalls_DoNotMultiplyWhatIsPutBack(bool inOneTurn, int most)
    {
        var vault = Vault();
        vault.Remember(Answer(Call("c0"), Thinking("much"), Call("c1")), "ann");
        var calls = Enumerable.Repeat(Call("c1"), 1000);

        var restored = vault.Restore(inOneTurn ? Ask(Said([.. calls])) : Ask([.. calls.SelectMany(c => new[] { Said(c), new ChatMessage(Role.Tool, [new ToolResultPart("c1", [])]) })]), "ann");

        restored.Messages.SelectMany(m => m.Parts).Count(p => p is ReasoningPart).ShouldBe(most);
    }

    [Fact]
    public void Restore_CallSignatures_ComeBackToTheirCalls()
    {
        var vault = Vault();
        var gemini = new Signature("Z2Vt", "gemini");
        vault.Remember(Answer(Call("c1") with { Signature = gemini }, Call("c2")), "ann");

        var restored = vault.Restore(Ask(Said(Call("c1"), Call("c2"))), "ann", "gemini");

        Outline(restored).ShouldBe("call:c1! call:c2");
        restored.Messages[1].Parts[0].Signature.ShouldBe(gemini);
    }

    [Fact]
    public void Restore_ClientThatBroughtItsReasoning_IsLeftAlone()
    {
        var vault = Vault();
        vault.Remember(Answer(Thinking("kept"), Call("c1")), "ann");

        var restored = vault.Restore(Ask(Said(Thinking("own"), Call("c1"))), "ann");

        Outline(restored).ShouldBe("think:own call:c1");
    }

    [Fact]
    public void Restore_UnsignedReasoning_IsReplaced()
    {
        var vault = Vault();
        vault.Remember(Answer(Thinking("kept"), Call("c1")), "ann");

        var restored = vault.Restore(Ask(Said(new ReasoningPart("kept"), Call("c1"))), "ann");

        Outline(restored).ShouldBe("think:kept call:c1");
    }

    [Fact]
    public void Restore_ForAnotherFamilyOrOwner_ChangesNothing()
    {
        var vault = Vault();
        vault.Remember(Answer(Thinking("kept"), Call("c1")), "ann");
        var request = Ask(Said(Call("c1")));

        vault.Restore(request, "ann", "gemini").ShouldBeSameAs(request);
        vault.Restore(request, "bob", "anthropic").ShouldBeSameAs(request);
    }

    [Fact]
    public void Remember_WithoutCallsOrSignatures_KeepsNothing()
    {
        var vault = Vault();

        vault.Remember(Answer(Thinking("x"), new TextPart("done")), "ann");
        vault.Remember(Answer(new ReasoningPart("unsigned"), Call("c1")), "ann");
        vault.Remember(Answer(), "ann");

        vault.Count.ShouldBe(0);
    }

    [Fact]
    public void Vault_BeyondItsBounds_Forgets()
    {
        var vault = Vault(new ConversationBounds { MaxCount = 3, MaxBytes = 5000, MaxAge = TimeSpan.FromMinutes(10) });
        for (int i = 0; i < 10; i++) vault.Remember(Answer(Thinking(new string('x', 300)), Call($"c{i}")), "ann");

        vault.Count.ShouldBe(3);
        vault.Bytes.ShouldBeLessThanOrEqualTo(5000);
        vault.Remember(Answer(Thinking(new string('x', 10_000)), Call("big")), "ann");
        vault.Restore(Ask(Said(Call("big"))), "ann").Messages[1].Parts.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(11));
        var request = Ask(Said(Call("c9")));
        vault.Restore(request, "ann").ShouldBeSameAs(request);
        vault.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("deepseek/", "think:first? text:Looking. call:c1")]
    [InlineData("openrouter/m", "text:Looking. call:c1")]
    [InlineData(null, "text:Looking. call:c1")]
    public void Restore_ReasoningWithoutSignature_GoesBackToItsMakerAlone(string? target, string expected)
    {
        var vault = Vault();
        vault.Remember(Answer(new ReasoningPart("first"), new TextPart("Looking."), Call("c1")), "ann", "deepseek/");

        Outline(vault.Restore(Ask(Said(new TextPart("Looking."), Call("c1"))), "ann", "openrouter", target)).ShouldBe(expected);
    }

    [Fact]
    public void Remember_ReasoningWithoutSignatureThatNobodyWantsBack_KeepsNothing()
    {
        var vault = Vault();

        vault.Remember(Answer(new ReasoningPart("first"), Call("c1")), "ann");

        vault.Count.ShouldBe(0);
    }

    [Fact]
    public void Restore_ClientThatBringsTheReasoning_KeepsItsOwn()
    {
        var vault = Vault();
        vault.Remember(Answer(new ReasoningPart("first"), Call("c1")), "ann", "deepseek/");

        Outline(vault.Restore(Ask(Said(new ReasoningPart("mine"), Call("c1"))), "ann", "deepseek", "deepseek/")).ShouldBe("think:mine? call:c1");
    }
}
