namespace Quicprochat.Mls.Tree;

/// <summary>A node of a leaf's filtered direct path (RFC 9420 §4.1.2) and its child on the copath.</summary>
/// <param name="Level">The node's level.</param>
/// <param name="Copath">The child that is not on the direct path; not empty.</param>
internal readonly record struct FilteredPathNode(int Level, TreeNode Copath);
