using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class MarkupTests
{
    [TestMethod]
    public void Text_in_a_hole_is_escaped_and_literals_are_not()
    {
        var label = "<b title=\"x\" id='y'>&";

        Assert.AreEqual("<td>&lt;b title=&quot;x&quot; id=&#39;y&#39;&gt;&amp;</td>", new Markup().Add($"<td>{label}</td>").ToString());
    }

    [TestMethod]
    public void Markup_in_a_hole_stays_markup() =>
        Assert.AreEqual("<p><i>&lt;</i></p>", new Markup().Add($"<p>{new Markup().Add($"<i>{"<"}</i>")}</p>").ToString());

    [TestMethod]
    public void Letters_of_any_script_stay_readable() => Assert.AreEqual("短袖 Größe", new Markup().Add($"{"短袖 Größe"}").ToString());

    [TestMethod]
    public void Nothing_is_nothing() => Assert.AreEqual("", new Markup().Add($"{(string?)null}").ToString());
}
