using System.Text;
using Sluice.Transforms.Json;
using Sluice.Transforms.JsonPath;

namespace Sluice.Tests.Transforms;

/// <summary>The examples of RFC 9535, and what a faulty path is told.</summary>
public sealed class JsonPathTests
{
    private const string Store = """
        {"store":{"book":[
          {"category":"reference","author":"Nigel Rees","title":"Sayings of the Century","price":8.95},
          {"category":"fiction","author":"Evelyn Waugh","title":"Sword of Honour","price":12.99},
          {"category":"fiction","author":"Herman Melville","title":"Moby Dick","isbn":"0-553-21311-3","price":8.99},
          {"category":"fiction","author":"J. R. R. Tolkien","title":"The Lord of the Rings","isbn":"0-395-19395-8","price":22.99}],
         "bicycle":{"color":"red","price":399}}}
        """;

    // The document of section 2.3.5.3.
    private const string Filtered = """
        {"a":[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}],"o":{"p":1,"q":2,"r":3,"s":5,"t":{"u":6}},"e":"f"}
        """;

    // The document of section 2.3.5.3, table 11.
    private const string Compared = """{"obj":{"x":"y"},"arr":[2,3]}""";

    [Theory]
    [InlineData("$.store.book[*].author", "'Nigel Rees' 'Evelyn Waugh' 'Herman Melville' 'J. R. R. Tolkien'")]
    [InlineData("$..author", "'Nigel Rees' 'Evelyn Waugh' 'Herman Melville' 'J. R. R. Tolkien'")]
    [InlineData("$.store..price", "8.95 12.99 8.99 22.99 399")]
    [InlineData("$..book[2].title", "'Moby Dick'")]
    [InlineData("$..book[-1].title", "'The Lord of the Rings'")]
    [InlineData("$..book[0,1].title", "'Sayings of the Century' 'Sword of Honour'")]
    [InlineData("$..book[:2].title", "'Sayings of the Century' 'Sword of Honour'")]
    [InlineData("$..book[?@.isbn].title", "'Moby Dick' 'The Lord of the Rings'")]
    [InlineData("$..book[?(@.price<10)].title", "'Sayings of the Century' 'Moby Dick'")]
    [InlineData("$.store.book[?@.price < 10 && @.category == 'fiction'].title", "'Moby Dick'")]
    [InlineData("$.store.book[?@.author == $.store.book[0].author].title", "'Sayings of the Century'")]
    [InlineData("$.store.book[?search(@.author, 'Ev.l')].price", "12.99")]
    [InlineData("$.store.book[?match(@.author, '[A-Z].*s')].price", "8.95")]
    [InlineData("$.store.book[?match(@.author, 'Rees')].price", "")]
    [InlineData("$.store.book[?length(@.author) == 16].price", "22.99")]
    [InlineData("$.store[?count(@.*) == 2].color", "'red'")]
    [InlineData("$.store.bicycle['color', \"price\"]", "'red' 399")]
    public void Find_StoreOfTheStandard_FindsWhatItSays(string path, string expected) => Values(Store, path).ShouldBe(expected);

    [Theory]
    [InlineData("$.a[?@.b == 'kilo']", """{"b":"kilo"}""")]
    [InlineData("$.a[?(@.b == 'kilo')]", """{"b":"kilo"}""")]
    [InlineData("$.a[?@>3.5]", "5 4 6")]
    [InlineData("$.a[?@.b]", """{"b":"j"} {"b":"k"} {"b":{}} {"b":"kilo"}""")]
    [InlineData("$[?@.*]", """[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}] {"p":1,"q":2,"r":3,"s":5,"t":{"u":6}}""")]
    [InlineData("$[?@[?@.b]]", """[3,5,1,2,4,6,{"b":"j"},{"b":"k"},{"b":{}},{"b":"kilo"}]""")]
    [InlineData("$.o[?@<3, ?@<3]", "1 2 1 2")]
    [InlineData("$.a[?@<2 || @.b == \"k\"]", """1 {"b":"k"}""")]
    [InlineData("$.a[?match(@.b, \"[jk]\")]", """{"b":"j"} {"b":"k"}""")]
    [InlineData("$.a[?search(@.b, \"[jk]\")]", """{"b":"j"} {"b":"k"} {"b":"kilo"}""")]
    [InlineData("$.o[?@>1 && @<4]", "2 3")]
    [InlineData("$.o[?@.u || @.x]", """{"u":6}""")]
    [InlineData("$.a[?@.b == $.x]", "3 5 1 2 4 6")]
    [InlineData("$.a[?@ == @]", """3 5 1 2 4 6 {"b":"j"} {"b":"k"} {"b":{}} {"b":"kilo"}""")]
    [InlineData("$.a[?!@.b && !(@ > 2)]", "1 2")]
    public void Find_FiltersOfTheStandard_FindWhatItSays(string path, string expected) => Values(Filtered, path).ShouldBe(expected);

    [Theory]
    [InlineData("$.absent1 == $.absent2", true)]
    [InlineData("$.absent1 <= $.absent2", true)]
    [InlineData("$.absent == 'g'", false)]
    [InlineData("$.absent1 != $.absent2", false)]
    [InlineData("$.absent != 'g'", true)]
    [InlineData("1 <= 2", true)]
    [InlineData("1 > 2", false)]
    [InlineData("13 == '13'", false)]
    [InlineData("'a' <= 'b'", true)]
    [InlineData("'a' > 'b'", false)]
    [InlineData("$.obj == $.arr", false)]
    [InlineData("$.obj != $.arr", true)]
    [InlineData("$.obj == $.obj", true)]
    [InlineData("$.obj != $.obj", false)]
    [InlineData("$.arr == $.arr", true)]
    [InlineData("$.obj == 17", false)]
    [InlineData("$.obj != 17", true)]
    [InlineData("$.obj <= $.arr", false)]
    [InlineData("$.obj < $.arr", false)]
    [InlineData("$.obj <= $.obj", true)]
    [InlineData("$.arr <= $.arr", true)]
    [InlineData("1 <= $.arr", false)]
    [InlineData("1 >= $.arr", false)]
    [InlineData("true <= true", true)]
    [InlineData("true > true", false)]
    public void Filter_ComparisonsOfTheStandard_HoldAsItSays(string test, bool holds) => Values(Compared, $"$[?{test}]").Length.ShouldBe(holds ? """{"x":"y"} [2,3]""".Length : 0);

    [Theory]
    [InlineData("$[1:3]", "1 2")]
    [InlineData("$[5:]", "5 6")]
    [InlineData("$[1:5:2]", "1 3")]
    [InlineData("$[5:1:-2]", "5 3")]
    [InlineData("$[::-1]", "6 5 4 3 2 1 0")]
    [InlineData("$[-2:]", "5 6")]
    [InlineData("$[::0]", "")]
    [InlineData("$[9]", "")]
    [InlineData("$[-8]", "")]
    [InlineData("$[0, 0]", "0 0")]
    [InlineData("$ [ 1 : 2 ]", "1")]
    public void Find_SlicesAndIndices_CountFromBothEnds(string path, string expected) => Values("[0,1,2,3,4,5,6]", path).ShouldBe(expected);

    [Theory]
    [InlineData("""{"o":{"j j":{"k.k":3}},"'":{"@":2}}""", "$.o['j j']['k.k']", "3")]
    [InlineData("""{"o":{"j j":{"k.k":3}},"'":{"@":2}}""", "$[\"'\"][\"@\"]", "2")]
    [InlineData("""{"a":null,"b":[null]}""", "$.b[?@ == null]", "null")]
    [InlineData("""{"o":[0,1,[2,3]]}""", "$..[*]", "[0,1,[2,3]] 0 1 [2,3] 2 3")]
    [InlineData("""{"o":[0,1,[2,3]]}""", "$..[0]", "0 2")]
    [InlineData("""{"\u0061":1,"a":2}""", "$.a", "1 2")] // every member of the name, however it is spelled
    [InlineData("""{"ü":{"☺":1}}""", "$.ü['\\u263A']", "1")]
    public void Find_NamesAndDescent_AreExact(string json, string path, string expected) => Values(json, path).ShouldBe(expected);

    [Theory]
    [InlineData("a", 1, "begins with '$'")]
    [InlineData("$a", 2, "'.name'")]
    [InlineData("$.", 3, "a name was expected")]
    [InlineData("$.1a", 3, "a name was expected")]
    [InlineData("$['a", 3, "not closed")]
    [InlineData("$[a]", 3, "a name in quotes")]
    [InlineData("$[01]", 3, "no whole number")]
    [InlineData("$[-0]", 3, "no whole number")]
    [InlineData("$[9007199254740992]", 3, "no whole number")]
    [InlineData("$['\\z']", 5, "escape is not known")]
    [InlineData("$[0", 4, "',' or ']'")]
    [InlineData("$[?@.a ==]", 10, "was expected")]
    [InlineData("$[?@.* == 1]", 4, "only a query of names and indices")]
    [InlineData("$[?1]", 5, "a comparison was expected")]
    [InlineData("$[?(@.a]", 8, "')' was expected")]
    [InlineData("$[?size(@) == 1]", 4, "not known")]
    [InlineData("$[?length(@, @) == 1]", 4, "one argument")]
    [InlineData("$[?count(1) == 1]", 10, "a query was expected")]
    [InlineData("$[?match(@, @.a)]", 13, "must be written")]
    [InlineData("$[?match(@, 'a(?=b)')]", 13, "backtracking")]
    [InlineData("$[?match(@, 'a') == true]", 4, "cannot be compared")]
    [InlineData("$.a[-].b", 7, "the last step")]
    [InlineData("$.a ", 4, "'.name'")]
    public void Parse_FaultyPath_TellsWhereAndWhat(string path, int position, string message)
    {
        JsonPathQuery.TryParse(path, out var fault).ShouldBeNull();

        fault.ShouldNotBeNull().Position.ShouldBe(position);
        fault.Message.ShouldContain(message);
    }

    private static string Values(string json, string path)
    {
        var tree = JsonTree.Parse(Encoding.UTF8.GetBytes(json)).ShouldNotBeNull();
        var query = JsonPathQuery.TryParse(path, out var fault).ShouldNotBeNull(fault?.ToString());
        return string.Join(' ', query.Find(tree).Select(node => Encoding.UTF8.GetString(tree.Raw(node))).Select(raw => raw.StartsWith('"') ? $"'{raw[1..^1]}'" : raw));
    }
}
