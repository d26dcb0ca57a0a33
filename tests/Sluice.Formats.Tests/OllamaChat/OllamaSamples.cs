namespace Sluice.Formats.Tests.OllamaChat;

/// <summary>Requests and answers in the spellings that Ollama's documentation, its server and its clients use.</summary>
public static class OllamaSamples
{
    public static TheoryData<string> Requests { get; } =
    [
        """{"model":"llama3.2","messages":[{"role":"user","content":"why is the sky blue?"}]}""",
        """{"model":"llama3.2","messages":[{"role":"user","content":"hi"}],"stream":false,"keep_alive":"10m","options":{"num_ctx":8192,"num_predict":64,"temperature":0.2,"top_k":20,"top_p":0.9,"min_p":0.05,"seed":9007199254740993,"stop":["\n","user:"],"presence_penalty":1.5,"frequency_penalty":1,"repeat_penalty":1.1}}""",
        """{"model":"m","messages":[{"role":"user","content":"hi"}],"options":{"num_predict":-1,"stop":"END","temperature":null}}""",
        """{"model":"m","messages":[{"role":"user","content":"hi"}],"options":{},"tools":[],"format":"","think":null,"stream":true}""",
        """{"model":"m","messages":[{"role":"user","content":"hi"}],"options":{"stop":[]}}""",
        """{"model":"gpt-oss","think":"high","logprobs":true,"top_logprobs":3,"messages":[{"role":"System","content":"Be brief."},{"role":"user","content":"hi"}]}""",
        """{"model":"m","think":false,"messages":[{"role":"user","content":"hi"}],"format":"json"}""",
        """{"model":"m","think":true,"messages":[{"role":"user","content":"hi"}],"format":{"type":"object","properties":{"age":{"type":"integer"}},"required":["age"]}}""",
        """{"model":"m","messages":[{"role":"user","content":"What is this?","images":["iVBORw0KGgoAAAANSUhEUg==","AAAA"]}]}""",
        """{"model":"m","messages":[{"role":"user","content":"What is this?","images":["data:image/jpeg;base64,/9j/4AAQ"]},{"role":"user","content":"","images":[]}]}""",
        """{"model":"m","messages":[{"role":"user","content":"Weather?"},{"role":"assistant","content":"","thinking":"Let me look.","tool_calls":[{"function":{"name":"get_weather","arguments":{"city":"Paris"}}},{"function":{"name":"get_weather","arguments":{}}}]},{"role":"tool","content":"11 degrees","tool_name":"get_weather"},{"role":"tool","content":"12 degrees","tool_name":"get_weather"}],"tools":[{"type":"function","function":{"name":"get_weather","description":"Weather of a city","parameters":{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}}}]}""",
        """{"model":"m","messages":[{"role":"user","content":"Weather?"},{"role":"assistant","tool_calls":[{"id":"call_1","type":"function","function":{"index":0,"name":"f","arguments":{"a":[1,{"b":null}]}}}]},{"role":"tool","content":"x","tool_call_id":"call_1"},{"role":"tool","content":null,"tool_call_id":"","tool_name":"f"}]}""",
        """{"model":"m","messages":[{"role":"assistant","content":null,"thinking":"","tool_calls":[],"custom":1}],"tools":[{"function":{"name":"g","strict":true}},{"type":"other","function":{"name":"h","description":null,"parameters":null},"x":[1]}],"unknown":{"a":1},"truncate":true}""",
        """{"model":"m"}""",
    ];

    public static TheoryData<string> Answers { get; } =
    [
        """{"model":"llama3.2","created_at":"2023-12-12T14:13:43.416799123Z","message":{"role":"assistant","content":"Hello! How are you today?"},"done":true,"done_reason":"stop","total_duration":5191566416,"load_duration":2154458,"prompt_eval_count":26,"prompt_eval_duration":383809000,"eval_count":298,"eval_duration":4799921000}""",
        """{"model":"qwen3","created_at":"2025-10-17T23:14:07.414671Z","message":{"role":"assistant","content":"","thinking":"The user asks.","tool_calls":[{"id":"call_x","function":{"index":0,"name":"get_weather","arguments":{"city":"Paris","days":2}}},{"function":{"name":"now","arguments":{}}}]},"done_reason":"stop","done":true,"total_duration":1,"eval_count":7}""",
        """{"model":"old","created_at":"2024-01-01T00:00:00Z","message":{"role":"assistant","content":"cut"},"done":true,"done_reason":"length"}""",
        """{"model":"old","created_at":"2024-01-01T00:00:00Z","message":{"role":"assistant","content":"so"},"done":true}""",
        """{"model":"old","created_at":"2024-01-01T00:00:00Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"load"}""",
        """{"model":"cloud","remote_model":"gpt-oss:120b","remote_host":"https://ollama.com:443","created_at":"2025-09-20T10:00:00.5+02:00","message":{"role":"assistant","content":"a","images":["iVBORw0KGgo="],"note":null},"done":true,"done_reason":"tool_calls","logprobs":[{"token":"a","logprob":-0.25,"bytes":[97],"top_logprobs":[{"token":"a","logprob":-0.25,"bytes":[97]},{"token":"b","logprob":-2}]}]}""",
        """{"created_at":"2024-01-01T00:00:00Z","message":{"content":null,"thinking":"","tool_calls":[]},"model":"m","done_reason":"stop"}""",
    ];
}
