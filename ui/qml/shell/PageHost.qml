import QtQuick
import Kiosk
import "../pages"

// The one place that knows which file draws which kind of page. The old page is destroyed before the new one is made.
Item {
    id: host

    readonly property var kinds: ({
            "attract": ["AttractPage", "bare"],
            "capture": ["CapturePage", "step"],
            "choose": ["ChoosePage", "step"],
            "consent": ["ConsentPage", "step"],
            "collect": ["ContinuePage", "step"],
            "consult": ["ConsultPage", "step"],
            "continue": ["ContinuePage", "step"],
            "dispense": ["DispensePage", "step"],
            "done": ["DonePage", "art"],
            "farewell": ["FarewellPage", "art"],
            "form": ["FormPage", "step"],
            "home": ["HomePage", "home"],
            "identify": ["ReaderPage", "step"],
            "list": ["ListPage", "step"],
            "message": ["MessagePage", "step"],
            "outOfService": ["OutOfServicePage", "bare"],
            "pages": ["PagesPage", "step"],
            "sign": ["SignPage", "step"],
            "pay": ["PayPage", "step"],
            "print": ["PrintPage", "step"],
            "rate": ["RatePage", "step"],
            "review": ["ReviewPage", "step"],
            "scan": ["ReaderPage", "step"],
            "ukey": ["ReaderPage", "step"],
            "services": ["ServicesPage", "step"],
            "talk": ["TalkPage", "step"],
            "working": ["WorkingPage", "step"]
        })
    readonly property string frame: host.kinds[host.kind]?.[1] ?? "bare"
    property string kind
    readonly property real slack: Math.max(0, host.height - ((loader.item as PageBase)?.used ?? host.height))

    function clear(): void {
        loader.source = "";
        host.kind = "";
    }
    function show(): void {
        if (host.kinds[Flow.kind] === undefined) {
            host.clear();
        } else {
            host.kind = Flow.kind;
            loader.source = `../pages/${host.kinds[host.kind][0]}.qml`;
        }
    }

    Component.onCompleted: host.show()

    Connections {
        function onPageChanged(): void {
            host.show();
        }
        function onTurning(): void {
            loader.source = "";
        }
        function onWiped(): void {
            host.clear();
        }

        target: Flow
    }
    Loader {
        id: loader

        anchors.fill: parent
        objectName: "page"
    }
}
