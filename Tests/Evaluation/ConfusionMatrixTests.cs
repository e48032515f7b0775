using MLPipelines.Evaluation;

namespace MLPipelines.Tests.Evaluation;

[TestClass]
public sealed class ConfusionMatrixTests
{
    private static readonly string[] CatDog = ["cat", "dog"];

    [TestMethod]
    public void Rows_are_the_truth_and_columns_the_prediction()
    {
        var matrix = ConfusionMatrix.Of(CatDog, [0, 0, 0, 1], [0, 1, 1, 1]);

        Assert.AreEqual(2, matrix[0, 1]);
        Assert.AreEqual(0, matrix[1, 0]);
        Assert.AreEqual(3, matrix.Support(0));
        Assert.AreEqual(3, matrix.Predicted(1));
        Assert.AreEqual(2, matrix.Correct);
        Assert.AreEqual(4, matrix.Total);
    }

    [TestMethod]
    public void Matrices_of_other_classes_do_not_merge()
    {
        var matrix = ConfusionMatrix.Of(CatDog, [1.0, 0], [0, 1]);

        var other = Assert.ThrowsExactly<ArgumentException>(() => matrix.Merge(ConfusionMatrix.Of(["dog", "cat"], [1.0, 0], [0, 1])));
        StringAssert.Contains(other.Message, "Class 0 is 'cat' in one and 'dog' in the other");
        var more = Assert.ThrowsExactly<ArgumentException>(
            () => matrix.Merge(ConfusionMatrix.Of(["cat", "dog", "eel"], [1.0, 0, 0], [0, 1, 0], [0, 0, 1])));
        StringAssert.Contains(more.Message, "2 classes and the other 3");
    }

    [TestMethod]
    public void What_is_no_matrix_is_refused_with_the_reason()
    {
        string Refusal(Func<ConfusionMatrix> make) => Assert.ThrowsExactly<ArgumentException>(make).Message;

        StringAssert.Contains(Refusal(() => ConfusionMatrix.Of(CatDog, [0, 2], [0, 1])), "Row 1 has the true class 2");
        StringAssert.Contains(Refusal(() => ConfusionMatrix.Of(CatDog, [0, 1], [0])), "2 true classes, 1 predicted classes");
        StringAssert.Contains(Refusal(() => ConfusionMatrix.Of(CatDog, [0], [0], [-1])), "Row 0 has the weight -1");
        StringAssert.Contains(Refusal(() => ConfusionMatrix.Of(CatDog, [1.0, 0])), "2 classes need 2 rows of 2");
        StringAssert.Contains(Refusal(() => ConfusionMatrix.Of(CatDog, [1.0, -1], [0, 1])), "negative");
        StringAssert.Contains(Refusal(() => ConfusionMatrix.Of(["cat", "cat"], [1.0, 0], [0, 1])), "both named 'cat'");
        StringAssert.Contains(Refusal(() => ConfusionMatrix.Of([])), "No class names");
        StringAssert.Contains(Refusal(() => ConfusionMatrix.Of([""], [1.0])), "Class 0 has no name");
    }
}
