import QtQuick
import Kiosk

// Where: the whole machine from the front with one amber spot.
Item {
    id: root

    property string device
    readonly property bool done: root.state === "done"
    readonly property color light: root.done ? Theme.lightDone : Theme.warning
    readonly property real unit: root.height / 424
    readonly property var spots: ({
            "idReader": [112, 214],
            "faceCamera": [70, 14],
            "receiptPrinter": [104, 262],
            "invoiceDispenser": [56, 262],
            "documentPrinter": [70, 326],
            "barcodeReader": [30, 300],
            "documentCamera": [112, 176],
            "documentScanner": [104, 300],
            "signaturePad": [86, 226],
            "smartCardReader": [70, 214],
            "smartCardReader-out": [70, 214],
            "mrzReader": [112, 262]
        })
    readonly property var spot: root.spots[root.device] ?? null

    implicitHeight: 250
    implicitWidth: root.height * 152 / 424

    Art {
        height: root.height
        name: "machine"
        width: root.height * 152 / 424
    }
    Rectangle {
        id: disc

        readonly property real ring: 42 * root.unit

        border.color: Theme.onWarning
        border.width: Math.max(2, 4 * root.unit)
        color: root.light
        height: disc.ring
        radius: disc.ring / 2
        visible: root.spot !== null
        width: disc.ring
        x: root.spot ? (root.spot[0] + 6) * root.unit - disc.ring / 2 : 0
        y: root.spot ? (root.spot[1] + 6) * root.unit - disc.ring / 2 : 0

        Rectangle {
            anchors.centerIn: parent
            color: Qt.alpha(root.light, 0.28)
            height: 68 * root.unit
            radius: height / 2
            width: height
            z: -1
        }
        Icon {
            anchors.centerIn: parent
            color: Theme.onWarning
            name: root.done ? "check" : "arrow"
            size: disc.ring * 0.6
            stroke: 7
        }
    }
}
