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
            "dispense": ["DispensePage", "step"],
            "done": ["DonePage", "art"],
            "farewell": ["FarewellPage", "art"],
            "form": ["FormPage", "step"],
            "home": ["HomePage", "home"],
            "identify": ["IdentifyPage", "step"],
            "message": ["MessagePage", "step"],
            "outOfService": ["OutOfServicePage", "bare"],
            "pay": ["PayPage", "step"],
            "print": ["PrintPage", "step"],
            "rate": ["RatePage", "step"],
            "review": ["ReviewPage", "step"],
            "working": ["WorkingPage", "step"]
        })
    readonly property string frame: host.kinds[host.kind]?.[1] ?? "bare"
    property string kind
    property int serial: -1
    readonly property real slack: Math.max(0, host.height - ((loader.item as PageBase)?.used ?? host.height))

    function clear(): void {
        loader.source = "";
        host.kind = "";
        host.serial = -1;
    }
    function show(): void {
        if (host.kinds[Flow.kind] === undefined) {
            host.clear();
        } else if (Flow.serial === host.serial && Flow.kind === host.kind) {
            (loader.item as PageBase).page = Flow.page;
        } else {
            loader.source = "";
            host.kind = Flow.kind;
            host.serial = Flow.serial;
            loader.setSource(`../pages/${host.kinds[host.kind][0]}.qml`, {
                "page": Flow.page
            });
        }
    }

    Component.onCompleted: host.show()

    Connections {
        function onPageChanged(): void {
            host.show();
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
