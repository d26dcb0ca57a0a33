using Sluice.Catalog;
using Sluice.Chat;
using Sluice.Providers;
using Sluice.Wire;

namespace Sluice.Parameters;

/// <summary>Fits the schemas of a translated request to the subset of JSON Schema that a model understands.</summary>
internal sealed class SchemaRules
{
    private readonly SchemaSubset? _tools;
    private readonly SchemaSubset? _strictTools;
    private readonly SchemaSubset? _answers;
    private readonly SchemaSubset? _strictAnswers;

    private SchemaRules(VendorSchemas names)
    {
        _tools = SchemaSubset.Find(names.Tools);
        _strictTools = SchemaSubset.Find(names.StrictTools);
        _answers = SchemaSubset.Find(names.Answers);
        _strictAnswers = SchemaSubset.Find(names.StrictAnswers);
    }

    /// <summary>The rules of a model; <see langword="null"/> for one that understands all.</summary>
    public static SchemaRules? For(VendorDescriptor vendor, string model)
    {
        foreach (var schemas in vendor.Quirks.Schemas)
        {
            if (ModelPattern.Parse(schemas.Models).Matches(model)) return new SchemaRules(schemas);
        }
        return null;
    }

    /// <summary>Fits a request.</summary>
    public ChatRequest Apply(ChatRequest request, LossReport losses)
    {
        if (request.Tools.Any(t => t is FunctionTool { Parameters.IsAbsent: false })) request = request with { Tools = [.. request.Tools.Select((t, i) => t is FunctionTool f ? Fit(f, $"tools[{i}]", losses) : t)] };
        return request.AnswerFormat is { Schema.IsAbsent: false } format ? request with { AnswerFormat = Fit(format, losses) } : request;
    }

    private FunctionTool Fit(FunctionTool tool, string path, LossReport losses)
    {
        if (tool.Strict == true && _strictTools is { } strict && SchemaFitter.Fit(tool.Parameters, strict) is { } held)
        {
            if (!held.HasOptional)
            {
                Report($"{path}.parameters", $"the tool '{tool.Name}'", held, losses);
                return tool with { Parameters = held.Schema };
            }
            losses.Dropped($"{path}.strict", $"the tool '{tool.Name}' has arguments that may be left out, and strict tools have none");
            tool = tool with { Strict = false };
        }
        if (_tools is null || SchemaFitter.Fit(tool.Parameters, _tools) is not { } fitted) return tool;
        Report($"{path}.parameters", $"the tool '{tool.Name}'", fitted, losses);
        return tool with { Parameters = fitted.Schema };
    }

    private AnswerFormat Fit(AnswerFormat format, LossReport losses)
    {
        const string Path = "answer_format";
        if (format.Strict == true && _strictAnswers is { } strict && SchemaFitter.Fit(format.Schema, strict) is { } held)
        {
            if (!held.HasOptional)
            {
                Report($"{Path}.schema", "the answer", held, losses);
                return format with { Schema = held.Schema };
            }
            losses.Dropped($"{Path}.strict", "the schema has properties that may be left out, and strict ones have none");
            format = format with { Strict = false };
        }
        if (_answers is null || SchemaFitter.Fit(format.Schema, _answers) is not { } fitted) return format;
        Report($"{Path}.schema", "the answer", fitted, losses);
        return format with { Schema = fitted.Schema };
    }

    private static void Report(string path, string what, SchemaFitter fitted, LossReport losses)
    {
        if (fitted.Lost.Count > 0) losses.Changed(path, $"the schema of {what} was sent without {string.Join(", ", fitted.Lost)}, which this model does not take there");
    }
}
