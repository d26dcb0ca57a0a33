namespace Sluice.Transforms.JsonPath;

/// <summary>Reads the condition of a filter.</summary>
internal sealed class FilterParser(JsonPathText text, JsonPathParser paths)
{
    private const int MaxDepth = 64;
    private static readonly (string Sign, FilterComparison Comparison)[] Comparisons =
    [
        ("==", FilterComparison.Equal), ("!=", FilterComparison.NotEqual), ("<=", FilterComparison.LessOrEqual), (">=", FilterComparison.GreaterOrEqual), ("<", FilterComparison.Less), (">", FilterComparison.Greater),
    ];

    private int _depth;

    public FilterTest Test()
    {
        if (++_depth > MaxDepth) throw text.Fault("the filter is nested too deeply");
        List<FilterTest> tests = [Conjunction()];
        while (TakeAfterBlanks("||")) tests.Add(Conjunction());
        _depth--;
        return tests.Count == 1 ? tests[0] : new AnyTest(tests);
    }

    private FilterTest Conjunction()
    {
        text.SkipBlanks();
        List<FilterTest> tests = [Basic()];
        while (TakeAfterBlanks("&&"))
        {
            text.SkipBlanks();
            tests.Add(Basic());
        }
        return tests.Count == 1 ? tests[0] : new AllTest(tests);
    }

    private FilterTest Basic()
    {
        if (text.Peek == '!' && text.PeekAt(1) != '=')
        {
            text.Position++;
            text.SkipBlanks();
            return new NotTest(text.Peek == '(' ? Parenthesized() : new FilterTerm(text, paths).Read().ToTest(text));
        }
        if (text.Peek == '(') return Parenthesized();
        int start = text.Position;
        var left = new FilterTerm(text, paths).Read();
        int after = text.Position;
        text.SkipBlanks();
        foreach (var (sign, comparison) in Comparisons)
        {
            if (!text.Take(sign)) continue;
            var one = left.ToOperand(start);
            text.SkipBlanks();
            int right = text.Position;
            return new ComparisonTest(one, comparison, new FilterTerm(text, paths).Read().ToOperand(right));
        }
        text.Position = after;
        return left.ToTest(text);
    }

    private FilterTest Parenthesized()
    {
        text.Position++;
        var test = Test();
        text.SkipBlanks();
        return text.Take(')') ? test : throw text.Fault("')' was expected");
    }

    private bool TakeAfterBlanks(string sign)
    {
        int before = text.Position;
        text.SkipBlanks();
        if (text.Take(sign)) return true;
        text.Position = before;
        return false;
    }
}
