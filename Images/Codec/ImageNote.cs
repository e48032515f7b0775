namespace MLPipelines.Images;

/// <summary>What should be known of an image that could be decoded.</summary>
/// <param name="Text">Half a sentence that follows the image's name: <c>12 stray bytes before a marker</c>.</param>
/// <param name="IsDamage">True: the file breaks its format's rules in a way that every viewer passes over. False: it keeps them, and still may not
/// mean what it was taken for.</param>
public sealed record ImageNote(string Text, bool IsDamage);
