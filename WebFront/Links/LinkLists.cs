using System.Collections.Immutable;
using Guichet.Components;

namespace Guichet.Links;

/// <summary>What the address of the list asks for.</summary>
internal static class LinkLists
{
    public static LinkFilter FilterOf(ListView list, string tab) => new(
        tab switch { "sending" => LinkSide.Sender, "receiving" => LinkSide.Receiver, _ => null },
        StatusesOf(list),
        list.Search,
        null,
        list.Sort switch
        {
            "title" => LinkSort.Title,
            "date" => LinkSort.SessionStart,
            "counterpart" => LinkSort.Counterpart,
            "status" => LinkSort.Status,
            "since" => LinkSort.Since,
            _ => LinkSort.Attention,
        },
        list.Descending,
        list.Offset,
        list.Limit,
        ToAnswer: tab == "answer");

    private static ImmutableArray<LinkStatus> StatusesOf(ListView list) =>
        Enum.GetNames<LinkStatus>().Contains(list.Filter("status")) ? [Enum.Parse<LinkStatus>(list.Filter("status"))] : [];
}
