import QtQuick
import Kiosk

// Where and how: the machine with one spot, and the close-up with what you hold. Only the thing moves, the light
// breathes, and turns green and still when it is done.
Card {
    id: root

    // a device may have more spots than one: "paymentTerminal-pin" is the keypad of paymentTerminal
    readonly property string body: root.device.split("-")[0]
    readonly property bool done: root.phase === "done"
    property string device: "idReader"
    readonly property bool falls: root.isReader || root.body === "smartCardReader"
    readonly property bool isReader: root.device === "idReader"
    readonly property color light: root.done ? Theme.lightDone : Theme.warning
    readonly property var sizes: ({
            "idReader": [920, 680],
            "invoiceDispenser": [840, 600],
            "documentPrinter": [870, 640],
            "receiptPrinter": [760, 590],
            "paymentTerminal": [680, 500],
            "barcodeReader": [760, 590],
            "signaturePad": [760, 560],
            "smartCardReader": [760, 560],
            "mrzReader": [760, 560]
        })
    readonly property var natural: root.sizes[root.body] ?? root.sizes["idReader"]
    property string phase: "waiting"
    readonly property real zoom: Math.min(1, (root.width - 24) / root.natural[0], (root.height - 24) / root.natural[1])
    property bool showWhere: true
    property string where

    implicitHeight: root.natural[1] + 40

    Item {
        id: stage

        anchors.centerIn: parent
        anchors.verticalCenterOffset: root.showWhere ? 10 : 0
        height: root.natural[1] * root.zoom
        width: root.natural[0] * root.zoom

        Art {
            name: root.body + "-base"
            width: stage.width
        }
        Art {
            id: glow

            light: root.light
            name: root.device + "-light"
            width: stage.width

            SequentialAnimation on opacity {
                loops: Animation.Infinite
                running: Theme.motion && root.visible && !root.done

                NumberAnimation {
                    duration: Sizes.lightMs / 2
                    easing.type: Easing.InOutSine
                    from: 1
                    to: 0.45
                }
                NumberAnimation {
                    duration: Sizes.lightMs / 2
                    easing.type: Easing.InOutSine
                    from: 0.45
                    to: 1
                }
            }
        }
        Art {
            light: root.light
            name: root.device + "-over"
            width: stage.width
        }
        Art {
            name: root.isReader ? "idReader-lines" : ""
            visible: root.phase === "waiting"
            width: stage.width
        }
        Art {
            id: thing

            readonly property real down: root.isReader && root.phase !== "waiting" ? 132 * root.zoom : 0

            name: root.device + "-thing"
            width: stage.width
            // a sheet comes out, a bank card or a code goes in: the other way along the same line
            readonly property int way: ["paymentTerminal", "barcodeReader", "signaturePad"].includes(root.body) ? -1 : 1
            y: thing.down + thing.shift * (root.falls ? -70 : -36 * thing.way) * root.zoom
            x: thing.shift * (root.falls ? 0 : 62 * thing.way) * root.zoom
            property real shift: 0

            SequentialAnimation {
                running: Theme.motion

                ParallelAnimation {
                    NumberAnimation {
                        duration: root.isReader ? Sizes.cardMs : Sizes.sheetMs
                        easing.type: Easing.OutCubic
                        from: 1
                        property: "shift"
                        target: thing
                        to: 0
                    }
                    NumberAnimation {
                        duration: 400
                        from: root.isReader ? 1 : 0
                        property: "opacity"
                        target: thing
                        to: 1
                    }
                }
            }
        }
        Art {
            name: root.device + "-arrow"
            visible: root.phase === "waiting" || root.phase === "take"
            width: stage.width
        }
    }
    Row {
        spacing: 20
        visible: root.showWhere && root.where !== ""
        x: 36
        y: 36

        MachinePicture {
            device: root.device
            height: Math.min(250, root.height * 0.5)
            state: root.done ? "done" : ""
            width: implicitWidth
        }
        Column {
            Txt {
                color: Theme.inkMuted
                font.pixelSize: Sizes.note
                text: Words.t["where.title"]
            }
            Txt {
                font.pixelSize: Sizes.note
                strong: true
                text: root.where
                width: Math.min(implicitWidth, 230)
            }
        }
    }
}
